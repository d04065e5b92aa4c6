"""As much of Slack as an app of many workspaces meets: scripted answers, and a record of what was asked with which
token. The local workspace (`bot/localslack`) is one workspace with one token; this is none, and every token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = dict[str, Any] | Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Asked:
    method: str
    token: str | None
    arguments: dict[str, Any]


@dataclass
class SlackDouble:
    """`answers[method]` is what a method answers, or a function of its arguments; an exception cuts the line."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def calls(self, method: str) -> list[Asked]:
        return [one for one in self.asked if one.method == method]

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = {**request.query, **(await self._body(request))}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or None
        self.asked.append(Asked(method, token, arguments))
        answer = self.answers.get(method, {})
        if callable(answer):
            answer = answer(arguments)
            if hasattr(answer, "__await__"):
                answer = await answer
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, Exception):
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return web.json_response({"ok": "error" not in answer, **answer})

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            return dict(json.loads(await request.text() or "{}"))
        return dict(await request.post())


@asynccontextmanager
async def running_slack_double() -> AsyncIterator[SlackDouble]:
    double = SlackDouble()
    app = web.Application()
    app.router.add_route("*", "/api/{method:.*}", double.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        double.url = f"http://{host}:{port}"
        yield double
    finally:
        await runner.cleanup()
