"""What we serve over HTTP: Slack's requests, and the questions of whoever runs us."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qs

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

Readiness = Callable[[], Awaitable[str | None]]
"""Says what is missing for serving people; None when all is well."""

Metrics = Callable[[], Awaitable[bytes]]
"""What operators watch, in Prometheus' text format."""

_MOST_FIELDS = 100
LARGEST_REQUEST = 4 * 1024 * 1024
"""Slack's own payloads stay far below: a view has at most 250 KB."""


def add_slack_routes(server: web.Application, app: AsyncApp, signing_secret: str) -> None:
    verifier = SignatureVerifier(signing_secret)

    async def on_slack(request: web.Request) -> web.Response:
        # Who sends is asked before what is sent is parsed; Bolt would parse first, and stumble over torn payloads.
        raw = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not verifier.is_valid_request(raw, headers):
            return web.Response(status=HTTPStatus.UNAUTHORIZED, text="the signature or its time is not valid")
        if not is_payload(raw, request.content_type):
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="this is no payload of Slack's")
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server.router.add_post("/slack/events", on_slack)


def is_payload(raw: bytes, content_type: str) -> bool:
    """Whether a body is a JSON object, or a form whose `payload`, where it has one, is a JSON object."""
    try:
        text = raw.decode()
        if content_type == "application/json" or text.startswith("{"):  # Bolt goes by the first letter
            return isinstance(json.loads(text), dict)
        payloads = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS).get("payload", [])
        return bool(text) and all(isinstance(json.loads(payload), dict) for payload in payloads)
    except ValueError:  # no UTF-8, no JSON, or more fields than any form of Slack's
        return False


def add_operator_routes(server: web.Application, readiness: Readiness, metrics: Metrics) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_: web.Request) -> web.Response:
        missing = await readiness()
        if missing is None:
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "missing": missing}, status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    server.router.add_get("/health", health)
    server.router.add_get("/metrics", show_metrics)
    server.router.add_get("/ready", ready)
