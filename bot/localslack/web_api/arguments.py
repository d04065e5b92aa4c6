"""Reads a request's arguments the way Slack does: query string, then JSON or form body."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.localslack.json_types import Json
from bot.localslack.web_api.call import SlackError

# AsyncWebClient sends these as JSON text inside the query string, other SDKs inside a form.
_STRUCTURED = frozenset(
    {
        "attachments",
        "blocks",
        "chunks",
        "files",
        "loading_messages",
        "message",
        "metadata",
        "prompts",
        "view",
    }
)


async def read_arguments(request: web.Request) -> Json:
    """All arguments of a call. Raises SlackError invalid_json, json_not_object or invalid_form_data."""
    arguments: Json = dict(parse_qsl(request.query_string, keep_blank_values=True))
    if request.can_read_body:
        arguments |= await _body(request)
    return {name: _structured(name, value) for name, value in arguments.items() if value is not None}


async def _body(request: web.Request) -> Json:
    if request.content_type.startswith("multipart/"):
        raise SlackError("invalid_form_data")
    try:
        text = (await request.read()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SlackError("invalid_charset") from error
    if request.content_type != "application/json":
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        body = json.loads(text)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _structured(name: str, value: Any) -> Any:
    """Decodes JSON text where an object or array is meant; the method refuses what does not decode."""
    if name not in _STRUCTURED or not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
