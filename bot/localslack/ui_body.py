"""Reads the JSON body of a page's request, field by field."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.localslack.json_types import Json
from bot.localslack.model import Refused

LARGEST_BODY = 1024 * 1024


class Body:
    """The fields of one request. A missing or wrong one raises Refused invalid_arguments."""

    def __init__(self, fields: Json) -> None:
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text that must be there unless there is a default."""
        value = self._fields.get(name, default)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise _wrong(name)
        return value

    def maybe(self, name: str) -> str | None:
        """A text that may be missing or null."""
        return self.text(name) if name in self else None

    def flag(self, name: str) -> bool:
        return bool(self._fields.get(name))

    def number(self, name: str, default: float | None = None) -> float:
        value = self._fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(name)
        return value

    def object(self, name: str) -> Json:
        """An object; {} when it is missing."""
        value: Any = self._fields.get(name) or {}
        if not isinstance(value, dict):
            raise _wrong(name)
        return value

    @property
    def values(self) -> Json | None:
        """`state.values`: what the form holds by block_id and action_id; None when the page sent no state."""
        return Body(self.object("state")).object("values") if "state" in self else None


async def read_body(request: web.Request) -> Body:
    """Raises Refused body_too_large or invalid_json."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refused("body_too_large", "보낸 내용이 너무 깁니다.")
    raw = await request.read()
    if len(raw) > LARGEST_BODY:
        raise Refused("body_too_large", "보낸 내용이 너무 깁니다.")
    try:
        fields = json.loads(raw)
    except ValueError as error:
        raise Refused("invalid_json", "JSON으로 읽을 수 없습니다.") from error
    if not isinstance(fields, dict):
        raise Refused("invalid_json", "JSON 객체여야 합니다.")
    return Body(fields)


def _wrong(name: str) -> Refused:
    return Refused("invalid_arguments", f"요청에 필요한 값이 없거나 잘못되었습니다: {name}")
