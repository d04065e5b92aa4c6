"""What whoever runs us asks over HTTP, also where Slack's requests come another way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

Readiness = Callable[[], Awaitable[str | None]]
"""Says what is missing for serving people; None when all is well."""

Metrics = Callable[[], Awaitable[bytes]]
"""What operators watch, in Prometheus' text format."""


def add_operator_routes(server: web.Application, readiness: Readiness, metrics: Metrics) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_: web.Request) -> web.Response:
        missing = await readiness()
        if missing is None:
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "missing": missing}, status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def show_metrics(_: web.Request) -> web.Response:
        from prometheus_client import CONTENT_TYPE_LATEST

        return web.Response(body=await metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    server.router.add_get("/health", health)
    server.router.add_get("/metrics", show_metrics)
    server.router.add_get("/ready", ready)
