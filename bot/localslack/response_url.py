"""POST /response/{key}: answers to a command or interaction, up to five, ephemeral unless said otherwise."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Message
from bot.localslack.triggers import ResponseUrl, ResponseUrls
from bot.localslack.web_api.call import Call, Core, SlackError
from bot.localslack.web_api.content import Content, read_content

_METHOD = "response_url"


class ResponseEndpoint:
    """Refusals are HTTP errors with one word as body: used_url, expired_url, invalid_blocks, no_text."""

    def __init__(self, core: Core, urls: ResponseUrls) -> None:
        self._core = core
        self._urls = urls

    async def handle(self, request: web.Request) -> web.Response:
        place = self._urls.use(request.match_info["key"])
        if isinstance(place, str):
            return self._refuse(404, place)
        try:
            body = json.loads(await request.text())
        except ValueError:
            return self._refuse(400, "invalid_payload")
        if not isinstance(body, dict):
            return self._refuse(400, "invalid_payload")
        try:
            self.respond(place, body)
        except SlackError as error:
            return self._refuse(400, error.code, error)
        self._core.log.write("api", f"{_METHOD} → ok", detail=body)
        return web.Response(text="ok")

    def respond(self, place: ResponseUrl, body: Json) -> Message | None:
        """Carries out one answer; also used for what a command's acknowledgement says. Raises SlackError."""
        source = self._core.workspace.any_message(place.channel, place.ts, place.user) if place.ts else None
        if body.get("delete_original"):
            if source is not None:
                self._core.messenger.delete(source)
            return None
        scopes = frozenset(self._core.workspace.manifest.scopes)
        content = read_content(Call(self._core, _METHOD, _without_nulls(body), scopes))
        if content.is_empty:
            raise SlackError("no_text")
        if body.get("replace_original") and source is not None:
            self._replace(source, content)
            return source
        return self._answer(place, body, content)

    def _replace(self, source: Message, content: Content) -> None:
        self._core.messenger.change(
            source, text=content.text or "", blocks=content.blocks or [], attachments=content.attachments or []
        )

    def _answer(self, place: ResponseUrl, body: Json, content: Content) -> Message:
        fields: dict[str, Any] = {
            "blocks": content.blocks or [],
            "attachments": content.attachments or [],
            "thread_ts": body.get("thread_ts"),
        }
        if body.get("response_type") == "in_channel":
            return self._core.messenger.post(place.channel, BOT_USER_ID, content.text or "", **fields)
        return self._core.messenger.post_ephemeral(place.channel, place.user, content.text or "", **fields)

    def _refuse(self, status: int, code: str, error: SlackError | None = None) -> web.Response:
        detail = None if error is None else error.fields
        self._core.log.write("refused", f"{_METHOD} → {code}", ok=False, detail=detail)
        return web.Response(status=status, text=code)


def _without_nulls(body: Json) -> Json:
    return {name: value for name, value in body.items() if value is not None}
