"""What we serve over HTTP: Slack's requests, and the questions of whoever runs us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

Readiness = Callable[[], Awaitable[str | None]]
"""Says what is missing for serving people; None when all is well."""

LARGEST_REQUEST = 4 * 1024 * 1024
"""Slack's own payloads stay far below: a view has at most 250 KB."""


def add_slack_routes(server: web.Application, app: AsyncApp) -> None:
    async def on_slack(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server.router.add_post("/slack/events", on_slack)


def add_operator_routes(server: web.Application, readiness: Readiness) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_: web.Request) -> web.Response:
        missing = await readiness()
        if missing is None:
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "missing": missing}, status=503)

    server.router.add_get("/health", health)
    server.router.add_get("/ready", ready)
