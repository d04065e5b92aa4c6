"""Slack's requests, where they come over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from handlers.payloads import NoPayload, read_payload

log = logging.getLogger(__name__)

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
