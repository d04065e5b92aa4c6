"""What we serve over HTTP: Slack's requests, and the questions of whoever runs us."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from handlers.payloads import NoPayload, read_payload

log = logging.getLogger(__name__)

Readiness = Callable[[], Awaitable[str | None]]
"""Says what is missing for serving people; None when all is well."""

Metrics = Callable[[], Awaitable[bytes]]
"""What operators watch, in Prometheus' text format."""

_WHERE_BOLT_STUMBLES = (TypeError, AttributeError, LookupError)
"""It looks for ids in every part of an event, also of those that are nothing to us and whose shape is not checked."""
_SIGNATURE = ("X-Slack-Request-Timestamp", "X-Slack-Signature")
LARGEST_REQUEST = 4 * 1024 * 1024
"""Slack's own payloads stay far below: a view has at most 250 KB."""


def add_slack_routes(server: web.Application, app: AsyncApp, signing_secret: str) -> None:
    verifier = SignatureVerifier(signing_secret)

    async def on_slack(request: web.Request) -> web.Response:
        # Who sends is asked before what is sent is parsed; Bolt would parse first, and stumble over torn payloads.
        raw = await request.read()
        signed = {name: request.headers.get(name, "") for name in _SIGNATURE}
        if not _is_signed(verifier, raw, signed):
            return web.Response(status=HTTPStatus.UNAUTHORIZED, text="the signature or its time is not valid")
        try:
            # Handed over as a payload of a socket is: it is verified and read already.
            to_bolt = AsyncBoltRequest(body=read_payload(raw, request.content_type), mode="socket_mode")
        except (NoPayload, *_WHERE_BOLT_STUMBLES) as wrong:
            log.warning("a signed request is refused: %s", wrong if isinstance(wrong, NoPayload) else type(wrong))
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="this is no payload of Slack's")
        return _of_http(await app.async_dispatch(to_bolt))

    server.router.add_post("/slack/events", on_slack)


def _of_http(answer: BoltResponse) -> web.Response:
    """Bolt's own way is to send a text as a stream, behind its headers; here both go together."""
    headers = answer.first_headers_without_set_cookie()
    return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)


def _is_signed(verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]) -> bool:
    """slack_sdk raises where the time is no number, and where body or signature are no text."""
    try:
        return verifier.is_valid_request(raw, headers)
    except (ValueError, TypeError):
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
        from prometheus_client import CONTENT_TYPE_LATEST

        return web.Response(body=await metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    server.router.add_get("/health", health)
    server.router.add_get("/metrics", show_metrics)
    server.router.add_get("/ready", ready)
