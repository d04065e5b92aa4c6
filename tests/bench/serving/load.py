"""Asks a server over a number of connections at once, for some seconds, and counts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import aiohttp

from tests.bench.serving.loopback import Loopback
from tests.bench.serving.requests import command, mention

CONNECTIONS = 32
_PATIENCE = 10.0


@dataclass(frozen=True)
class Load:
    """`latencies` in seconds, sorted."""

    per_second: float
    latencies: list[float]

    def percentile(self, share: float) -> float:
        return percentile(self.latencies, share)


def percentile(times: list[float], share: float) -> float:
    """Of sorted times."""
    return times[min(int(len(times) * share), len(times) - 1)]


async def ask_status(url: str, channels: list[str], *, seconds: float, answered: bool) -> Load:
    """`/contract 현황`; with `answered` the status itself has to be in what comes back."""
    async with _session() as session:

        async def once(number: int) -> None:
            body, headers = command("현황", channels[number % len(channels)])
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
                said = await response.text()
                assert response.status == 200, said
                assert not answered or '"blocks"' in said, f"no status: {said[:200]}"

        return await _for(seconds, once)


async def ask_by_mention(
    url: str, slack: Loopback, questions: list[str], channels: list[str], *, seconds: float, first: int
) -> Load:
    """A mention, until its answer is posted into its thread. `first` keeps the messages of two runs apart."""
    async with _session() as session:

        async def once(number: int) -> None:
            ts = f"{1795414482 + first + number}.000100"
            waiting = slack.posted[ts] = asyncio.get_running_loop().create_future()
            body, headers = mention(questions[number % len(questions)], channels[number % len(channels)], ts)
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
                assert response.status == 200, await response.text()
            async with asyncio.timeout(_PATIENCE):
                await waiting

        return await _for(seconds, once)


async def _for(seconds: float, once: Callable[[int], Awaitable[None]]) -> Load:
    numbers, times = count(), list[float]()
    began = time.perf_counter()

    async def one_connection() -> None:
        while time.perf_counter() - began < seconds:
            asked = time.perf_counter()
            await once(next(numbers))
            times.append(time.perf_counter() - asked)

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(one_connection())
    return Load(len(times) / (time.perf_counter() - began), sorted(times))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
