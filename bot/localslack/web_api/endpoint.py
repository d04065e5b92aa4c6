"""POST or GET /api/{method}: token, scope, trouble on demand, the method, and Slack's shape of answer."""

from __future__ import annotations

import logging
import time
from email.utils import format_datetime

from aiohttp import web
from msgspec import Struct

from bot.localslack.json_types import Json
from bot.localslack.trouble import CONNECTION_TROUBLE, HANG, RESET, Trouble, Troubles
from bot.localslack.web_api.arguments import read_arguments
from bot.localslack.web_api.call import Call, Core, SlackError, missing_scope
from bot.localslack.web_api.methods import METHODS, Method, Token

_logger = logging.getLogger(__name__)


class Tokens(Struct, frozen=True):
    bot: str
    app: str


class Endpoint:
    """Answers HTTP 200 with `ok` true or false, whatever was asked; only rate limits use 429."""

    def __init__(self, core: Core, tokens: Tokens, troubles: Troubles) -> None:
        self._core = core
        self._tokens = tokens
        self._troubles = troubles
        self.in_flight = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method, started = request.match_info["method"], time.monotonic()
        self.in_flight += 1
        try:
            return await self._answer(request, method, started)
        finally:
            self.in_flight -= 1
            self._core.log.changes.announce()

    async def _answer(self, request: web.Request, method: str, started: float) -> web.StreamResponse:
        trouble = self._troubles.take(method)
        if trouble is not None and not trouble.after_effect:
            self._log(method, {}, _failure(trouble.error), started, f"주문한 장애: {trouble.error}")
            return await self._fail(request, trouble)
        arguments: Json = {}
        try:
            arguments = await read_arguments(request)
            answer = {"ok": True, **await self._run(request, method, arguments)}
        except SlackError as error:
            answer = {"ok": False, "error": error.code, **error.fields}
        except Exception:
            # A bare HTTP 500 would crash slack_sdk with an AttributeError and hide the fault, which is ours.
            _logger.exception("%s failed inside the local workspace", method)
            answer = {"ok": False, "error": "internal_error"}
        self._log(method, arguments, answer, started)
        if trouble is not None:
            self._log(method, {}, _failure(trouble.error), started, f"처리한 뒤 주문한 장애: {trouble.error}")
            return await self._fail(request, trouble)
        return self._json(answer, METHODS.get(method))

    async def _run(self, request: web.Request, name: str, arguments: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            self._core.log.write("refused", f"{name} · 이 로컬 워크스페이스에 없는 메서드입니다", ok=False)
            raise SlackError("unknown_method", req_method=name)
        self._check_token(_token_of(request, arguments), method.token)
        scopes = frozenset(self._core.workspace.manifest.scopes)
        if method.scopes and not scopes.intersection(method.scopes):
            needed = ",".join(method.scopes)
            sentence = f"{name} · manifest의 oauth_config.scopes.bot에 {needed} 권한이 없습니다"
            self._core.log.write("refused", sentence, ok=False)
            raise missing_scope(needed, scopes)
        arguments.pop("token", None)
        return await method.run(Call(self._core, name, arguments, scopes))

    def _check_token(self, given: str | None, wanted: Token) -> None:
        if wanted is Token.NONE:
            return
        if not given:
            raise SlackError("not_authed")
        known = {self._tokens.bot: Token.BOT, self._tokens.app: Token.APP}.get(given)
        if known is None:
            raise SlackError("invalid_auth")
        if known is not wanted:
            raise SlackError("not_allowed_token_type")

    async def _fail(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble.error == HANG:
            await trouble.released.wait()
        if trouble.error in (HANG, RESET):
            # Closing the transport without an answer is what a lost connection looks like to the client.
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if trouble.error in CONNECTION_TROUBLE:
            return self._json({"ok": False, "error": "internal_error"}, None, status=500)
        if trouble.error == "ratelimited":
            headers = {"Retry-After": str(trouble.retry_after)}
            return self._json({"ok": False, "error": "ratelimited"}, None, status=429, extra=headers)
        return self._json({"ok": False, "error": trouble.error}, METHODS.get(trouble.method))

    def _json(
        self, answer: Json, method: Method | None, status: int = 200, extra: dict[str, str] | None = None
    ) -> web.Response:
        now = self._core.workspace.clock.now()
        headers = {
            "Date": format_datetime(now, usegmt=True),
            "x-oauth-scopes": ",".join(self._core.workspace.manifest.scopes),
            **(extra or {}),
        }
        if method is not None and method.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        return web.json_response(answer, status=status, headers=headers)

    def _log(self, method: str, arguments: Json, answer: Json, started: float, note: str | None = None) -> None:
        outcome = note or ("ok" if answer["ok"] else str(answer["error"]))
        elapsed = (time.monotonic() - started) * 1000
        detail = {"arguments": arguments, "answer": answer}
        self._core.log.write("api", f"{method} → {outcome}", ok=answer["ok"], ms=elapsed, detail=detail)


def _failure(error: str) -> Json:
    return {"ok": False, "error": error}


def _token_of(request: web.Request, arguments: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and token.strip():
        return token.strip()
    given = arguments.get("token")
    return given if isinstance(given, str) else None
