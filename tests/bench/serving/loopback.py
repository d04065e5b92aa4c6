"""As much of Slack as the servers of this bench talk to, on this machine, and nothing that costs time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TEAM, USER, BOT, TOKEN = "T0BENCH", "U0BENCH", "U0BOT", "xoxb-bench"


@dataclass
class Loopback:
    """`posted` is resolved, by the thread that it answers in, when a message arrives."""

    url: str = ""
    channels: list[str] = field(default_factory=list)
    """those that the person is in"""
    posted: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _answers: dict[str, bytes] = field(default_factory=dict)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "chat.postMessage":
            arguments = await _arguments(request)
            waiting = self.posted.pop(str(arguments.get("thread_ts")), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        else:
            await request.read()
        return web.Response(body=self._answer(method), content_type="application/json")

    def _answer(self, method: str) -> bytes:
        if method not in self._answers:
            channels = [{"id": channel} for channel in self.channels]
            answer: dict[str, Any] = {
                "auth.test": {"team_id": TEAM, "team": "bench", "user_id": BOT, "bot_id": "B0BOT", "url": "https://x"},
                "users.info": {"user": {"id": USER, "name": "bench", "team_id": TEAM, "locale": "ko-KR"}},
                "users.conversations": {"channels": channels},
                "chat.postMessage": {"ts": "1795414482.000200", "channel": "C1"},
                "chat.getPermalink": {"permalink": "https://bench.slack.com/archives/C1/p1"},
            }.get(method, {})
            self._answers[method] = json.dumps({"ok": True, **answer}).encode()
        return self._answers[method]


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post())


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    slack, app = Loopback(), web.Application()
    app.router.add_route("*", "/api/{method:.*}", slack.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await runner.cleanup()
