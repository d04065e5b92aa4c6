"""Two replicas on one PostgreSQL, one of them killed in the middle of the work: what is lost, and what comes twice?

`python -m tests.reliability.kill_nine` starts a PostgreSQL, a Slack and two replicas of the whole assistant. Mentions
arrive over signed HTTP at both, each as two events, as Slack sends them, and again where a replica does not answer;
reminders are due meanwhile. In the middle one replica gets SIGKILL. Prints a table; exit code 1 if anything was lost
or doubled.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import func, select
from sqlmodel import col

from bot.clock import SteadyClock
from bot.knowledge import Knowledge
from bot.settings import Settings
from handlers.clients import lines_to_slack, slack_client
from handlers.http import add_slack_routes
from handlers.operators import add_operator_routes
from handlers.pacing import Pace
from handlers.product import Product
from storage import migrate
from storage.database import Database, clock_of_database
from storage.tables import Inbox, InboxStatus
from tests.bench.serving.requests import SECRET, signed
from tests.bench.table import print_table
from tests.postgres import running_postgres
from tests.reliability.fake_slack import TOKEN, FakeSlack
from tests.reliability.harness import WORKSPACE, fill, statuses, until
from tests.reliability.replica import NeverClosedOffice, Script

ROOT = Path(__file__).parents[2]
MENTIONS, NUDGES = 300, 120
QUESTION = "심사 얼마나 걸려요?"
BOT = "U0BOT"
_AT_ONCE = 16
_PATIENCE = 3.0
"""Seconds that Slack waits for the acknowledgement of an event before it sends it again."""
_LEASE = 12.0
"""Seconds: longer than a busy machine takes for what is worked on by somebody who lives."""
_WITHIN = 120.0


@dataclass
class Slack(FakeSlack):
    """Also takes answers. It has taken one before its sender learns so, as long as `latency` says."""

    latency: float = 0.05
    answers: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """the metadata of what stands in each thread"""

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        if method == "conversations.replies":
            found = self.answers[str(arguments["ts"])]
            return web.json_response({"ok": True, "messages": [{"metadata": one} for one in found]})
        if method == "chat.postMessage" and arguments.get("thread_ts"):
            self.answers[str(arguments["thread_ts"])].append(arguments.get("metadata"))
            await asyncio.sleep(self.latency)
            return web.json_response({"ok": True, "ts": self._next_ts()})
        known: dict[str, dict[str, Any]] = {
            "auth.test": {"team_id": WORKSPACE, "user_id": BOT, "bot_id": "B0BOT", "url": "https://x.slack.com/"},
            "users.info": {"user": {"id": "U1", "name": "u1", "team_id": WORKSPACE, "locale": "ko-KR"}},
            "users.conversations": {"channels": [{"id": f"C{number}"} for number in range(1, NUDGES + 1)]},
        }
        if method in known:
            return web.json_response({"ok": True, **known[method]})
        return await super()._serve(request)


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}


@dataclass(frozen=True)
class Place:
    database_url: str
    api_url: str
    port: int


async def serve(place: Place) -> None:
    """One replica: the whole assistant behind HTTP, with leases that a test can wait for, in an office never closed."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(Database(place.database_url))
        session = await stack.enter_async_context(lines_to_slack())
        clock = SteadyClock(await database.read(clock_of_database))
        knowledge = Knowledge.load(Settings.read({}))
        product = Product(
            knowledge,
            NeverClosedOffice(knowledge.procedures, clock, "Asia/Seoul"),
            database,
            slack_client(TOKEN, place.api_url, session=session),
            real_time=clock,
            history_per_minute=1_000_000,
            event_lease=timedelta(seconds=_LEASE),
            pace=Pace(),
            timing=Script(place.database_url, place.api_url).timing(),
            understands_apart=True,
        )
        server = web.Application()
        add_slack_routes(server, product.app, SECRET)
        add_operator_routes(server, product.missing, product.metrics_text)
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", place.port).start()
        product.start()
        await stopped.wait()
        await product.stop()


@dataclass(frozen=True)
class Replica:
    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def replicas(database_url: str, api_url: str, count: int) -> Iterator[list[Replica]]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started: list[Replica] = []
    with tempfile.TemporaryDirectory() as bytecode:
        try:
            for _ in range(count):
                with socket.socket() as free:
                    free.bind(("127.0.0.1", 0))
                    port = int(free.getsockname()[1])
                place = json.dumps(asdict(Place(database_url, api_url, port)))
                process = subprocess.Popen(
                    [sys.executable, "-m", "tests.reliability.kill_nine", place],
                    cwd=ROOT,
                    env={"PYTHONPYCACHEPREFIX": bytecode, **kept},
                    stderr=None if os.environ.get("REPLICAS_LOUD") else subprocess.DEVNULL,
                )
                started.append(Replica(f"http://127.0.0.1:{port}", process))
            yield started
        finally:
            for replica in started:
                replica.process.kill()
                replica.process.wait()


class Sender:
    """Sends as Slack does: every mention as two events, to any replica, and once more where that does not answer."""

    def __init__(self, replicas: list[Replica], session: aiohttp.ClientSession) -> None:
        self._replicas, self._session = replicas, session
        self.acknowledged = self.sent = 0

    async def mention(self, number: int) -> None:
        first, second = ("app_mention", "message") if number % 2 else ("message", "app_mention")
        await asyncio.gather(self._event(number, first, number), self._event(number, second, number + 1))

    async def _event(self, number: int, kind: str, to: int) -> None:
        for attempt in range(4):
            body, headers = signed(json.dumps(event(number, kind)), "application/json")
            replica = self._replicas[(to + attempt) % len(self._replicas)]
            self.sent += 1
            try:
                async with self._session.post(f"{replica.url}/slack/events", data=body, headers=headers) as answer:
                    if answer.status == 200:
                        self.acknowledged += 1
                        return
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.1)
        raise AssertionError(f"nobody took event {number}")


def event(number: int, kind: str) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": WORKSPACE,
        "event_id": f"Ev{number}{kind}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": WORKSPACE, "user_id": BOT, "is_bot": True}],
        "event": {
            "type": kind,
            "user": "U1",
            "text": f"<@{BOT}> {QUESTION}",
            "ts": ts_of(number),
            "channel": f"C0ASK{number}",
            "channel_type": "channel",
        },
    }


def ts_of(number: int) -> str:
    return f"{1795414482 + number}.000100"


@dataclass(frozen=True)
class Count:
    what: str
    owed: int
    arrived: Counter[str]

    @property
    def lost(self) -> int:
        return self.owed - len(self.arrived)

    @property
    def doubled(self) -> int:
        return sum(self.arrived.values()) - len(self.arrived)

    def cells(self) -> list[str]:
        once = sum(1 for times in self.arrived.values() if times == 1)
        return [self.what, str(self.owed), str(once), str(self.lost), str(self.doubled)]


@dataclass(frozen=True)
class Outcome:
    counts: list[Count]
    in_flight: int
    """events that the killed replica, or the other one, was working on at that moment"""
    seconds: float
    """from the kill until everything was done"""

    @property
    def is_whole(self) -> bool:
        return all(count.lost == count.doubled == 0 for count in self.counts)


async def run(database_url: str, *, mentions: int = MENTIONS, nudges: int = NUDGES) -> Outcome:
    with Database(database_url) as database:
        migrate.upgrade(database.engine)
        async with Slack() as slack:
            with replicas(database_url, slack.api_url, 2) as both:
                timeout = aiohttp.ClientTimeout(total=_PATIENCE)
                async with aiohttp.ClientSession(timeout=timeout) as session:
                    await asyncio.gather(*(_until_healthy(session, replica) for replica in both))
                    ids = fill(database, nudges)
                    in_flight, killed_at = await _work(Sender(both, session), both, database, slack, mentions)
                await until(lambda: _is_done(database, nudges), within=_WITHIN, saying=str(statuses(database)))
                seconds = time.monotonic() - killed_at
        answered = Counter({thread: len(found) for thread, found in slack.answers.items() if found})
        posted = Counter({one: slack.by_nudge[one] for one in ids if slack.by_nudge[one]})
        counts = [Count("mentions answered", mentions, answered), Count("reminders posted", nudges, posted)]
        return Outcome(counts, in_flight, seconds)


async def _work(
    sender: Sender, both: list[Replica], database: Database, slack: Slack, mentions: int
) -> tuple[int, float]:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def mention(number: int) -> None:
        async with turn:
            await sender.mention(number)

    await until(lambda: slack.posts, within=_WITHIN, saying="reminders are posted")
    sending = asyncio.gather(*(mention(number) for number in range(mentions)))
    await until(lambda: len(slack.answers) > mentions // 3, within=_WITHIN, saying="under load")
    both[0].process.send_signal(signal.SIGKILL)
    killed_at, in_flight = time.monotonic(), _open_events(database)
    await sending
    return in_flight, killed_at


async def _until_healthy(session: aiohttp.ClientSession, replica: Replica) -> None:
    until_then = time.monotonic() + _WITHIN
    while time.monotonic() < until_then:
        try:
            async with session.get(f"{replica.url}/health") as answer:
                if answer.status == 200:
                    return
        except (aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(0.1)
    raise AssertionError(f"{replica.url} did not start")


def _is_done(database: Database, nudges: int) -> bool:
    return _open_events(database) == 0 and statuses(database) == {"sent": nudges}


def _open_events(database: Database) -> int:
    open_ones = select(func.count()).select_from(Inbox).where(col(Inbox.status) == InboxStatus.PROCESSING)
    with database.reading() as session:
        return int(session.execute(open_ones).scalar_one())


async def main() -> bool:
    with running_postgres() as address:
        outcome = await run(address)
    print_table(["What", "Owed", "Once", "Lost", "Doubled"], [count.cells() for count in outcome.counts])
    print(f"events in flight at the kill: {outcome.in_flight}; everything done {outcome.seconds:.1f} s after it")
    return outcome.is_whole


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(serve(Place(**json.loads(sys.argv[1]))))
    else:
        sys.exit(0 if asyncio.run(main()) else 1)
