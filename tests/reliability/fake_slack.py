"""A Slack of a hundred lines for what the local workspace has no use for: faults by the dozen, a history that lags,
channels that nobody has to make first. It counts every message that it took, by the nudges that the message names."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from random import Random
from typing import Any, Self

from aiohttp import web

TOKEN = "xoxb-reliability"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one post. With `after` Slack takes the message first, and the app does not learn it."""

    kind: str
    """`reset`, `hang`, `http_500`, `ratelimited`, or the error that Slack answers with"""
    after: bool = False
    retry_after: int = 1


@dataclass(frozen=True)
class Posted:
    channel: str
    ts: str
    ids: tuple[str, ...]
    text: str
    at: float
    """on the monotonic clock"""


FaultOf = Callable[[str, tuple[str, ...], int], Fault | None]
"""Channel, nudges of the message, how often they were sent before -> what goes wrong."""


def no_fault(_channel: str, _ids: tuple[str, ...], _tries: int) -> Fault | None:
    return None


def fault_mix(random: Random) -> FaultOf:
    """18 in a hundred posts go wrong, 11 of them after Slack took the message."""
    kinds = [
        (0.03, Fault("ratelimited")),
        (0.02, Fault("http_500")),
        (0.02, Fault("reset")),
        (0.03, Fault("http_500", after=True)),
        (0.05, Fault("reset", after=True)),
        (0.01, Fault("hang", after=True)),
        (0.02, Fault("fatal_error", after=True)),
    ]

    def draw(_channel: str, _ids: tuple[str, ...], _tries: int) -> Fault | None:
        left = random.random()
        for share, fault in kinds:
            left -= share
            if left < 0:
                return fault
        return None

    return draw


@dataclass
class FakeSlack:
    fault_of: FaultOf = no_fault
    lag: float = 0.0
    """seconds after which a message is in the history"""
    latency: float = 0.02
    history_error: str | None = None
    time_is_told: bool = True
    """whether `api.test` answers; its Date header tells Slack's time"""
    clock: Callable[[], float] = time.time
    posts: list[Posted] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    tried: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """when each channel was posted to, taken or not, on the monotonic clock"""
    on_post: Callable[[], Awaitable[None]] | None = None
    _tries: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _last_ts: int = 0
    _runner: web.AppRunner | None = None
    api_url: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def by_nudge(self) -> Counter[str]:
        """How many messages there are for each nudge."""
        return Counter(one for post in self.posts for one in post.ids)

    @property
    def doubled(self) -> int:
        return sum(count - 1 for count in self.by_nudge.values())

    @property
    def history_calls(self) -> int:
        return self.calls["conversations.history"]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        answer = await self._serve(request)
        answer.headers["Date"] = formatdate(self.clock(), usegmt=True)
        return answer

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        arguments = await _arguments(request)
        if method == "chat.postMessage":
            return await self._post(request, arguments)
        if method == "conversations.history":
            return self._history(arguments)
        if method == "api.test" and not self.time_is_told:
            return await self._fail(request, Fault("reset"))
        return web.json_response({"ok": True})

    async def _post(self, request: web.Request, arguments: dict[str, Any]) -> web.StreamResponse:
        channel = str(arguments["channel"])
        metadata = _as_json(arguments.get("metadata")) or {}
        ids = tuple((metadata.get("event_payload") or {}).get("ids") or ())
        self.tried[channel].append(time.monotonic())
        fault = self.fault_of(channel, ids, self._tries[ids])
        self._tries[ids] += 1
        if fault is not None and not fault.after:
            return await self._fail(request, fault)
        await asyncio.sleep(self.latency)
        ts = self._next_ts()
        self.posts.append(Posted(channel, ts, ids, str(arguments.get("text")), time.monotonic()))
        if self.on_post is not None:
            await self.on_post()
        return web.json_response({"ok": True, "ts": ts}) if fault is None else await self._fail(request, fault)

    def _history(self, arguments: dict[str, Any]) -> web.StreamResponse:
        if self.history_error is not None:
            return web.json_response({"ok": False, "error": self.history_error})
        oldest, latest = float(arguments["oldest"]), float(arguments["latest"])
        seen = time.monotonic() - self.lag
        found = [
            {"type": "message", "ts": post.ts, "metadata": _metadata(post.ids)}
            for post in self.posts
            if post.channel == arguments["channel"] and post.at <= seen and oldest <= float(post.ts) <= latest
        ]
        return web.json_response({"ok": True, "messages": found[::-1]})

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang":
            await asyncio.sleep(60)
        if fault.kind in {"hang", "reset"}:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        if fault.kind == "http_500":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        if fault.kind == "ratelimited":
            headers = {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        return web.json_response({"ok": False, "error": fault.kind})

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def _metadata(ids: tuple[str, ...]) -> dict[str, Any]:
    return {"event_type": "contract_guide_nudge", "event_payload": {"ids": list(ids)}}


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}


def _as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
