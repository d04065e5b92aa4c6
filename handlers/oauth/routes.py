"""`GET /slack/install` and `GET /slack/oauth_redirect`: how a workspace takes the app in."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

from aiohttp import web
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.texts.catalogue import Catalogues, Speaker
from handlers.oauth import pages
from handlers.oauth.grants import Grant, UnusableGrant
from handlers.oauth.tokens import Tokens
from handlers.slack_errors import BROKEN_LINE, TABLE, Family, family_of, reason_of
from storage import installations as store
from storage.database import Database

log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
STATE_COOKIE = "__Host-oauth-state"
_STATE_LIFETIME = timedelta(minutes=10)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class InstallRoutes:
    """A state is made for one browser, lives ten minutes and is taken once: whoever comes back from Slack without it
    may have been sent by somebody who wants their own workspace's token to land here, or the other way round."""

    def __init__(
        self,
        tokens: Tokens,
        database: Database,
        clock: Clock,
        texts: Catalogues,
        *,
        scopes: Sequence[str],
        keep_days: int,
    ) -> None:
        self._tokens = tokens
        self._database = database
        self._clock = clock
        self._texts = texts
        self._scopes = tuple(scopes)
        self._keep_days = keep_days

    def add_to(self, server: web.Application) -> None:
        # No HEAD: a preview of the link must not begin an installation.
        server.router.add_get(INSTALL, self.install, allow_head=False)
        server.router.add_get(REDIRECT, self.come_back, allow_head=False)

    async def install(self, request: web.Request) -> web.Response:
        state = secrets.token_urlsafe(32)
        await self._database.write(
            store.issue_state, state_hash=_hash(state), now=self._clock.now(), lifetime=_STATE_LIFETIME
        )
        page = pages.install_page(
            self._speaker(request),
            authorize_url=self._tokens.oauth.authorize_url(state=state, scopes=self._scopes),
            scopes=self._scopes,
            keep_days=self._keep_days,
        )
        response = _html(page)
        response.set_cookie(
            STATE_COOKIE,
            state,
            max_age=int(_STATE_LIFETIME.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",  # it has to come along when Slack sends the browser back
        )
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        say = self._speaker(request)
        if not await self._is_ours(request):
            return self._refuse(say("install.expired"), say)
        if error := request.query.get("error"):
            log.info("an installation was not carried through: %s", error[:50])
            return self._refuse(say("install.denied" if error == "access_denied" else "install.refused"), say)
        try:
            grant = await self._tokens.oauth.exchange(request.query.get("code", ""))
        except SlackApiError as refused:
            return self._refuse(self._why_refused(refused, say), say)
        except BROKEN_LINE as unreachable:
            log.warning("Slack cannot be reached for an installation: %s", type(unreachable).__name__)
            return self._refuse(say("install.unreachable"), say, status=HTTPStatus.BAD_GATEWAY)
        except UnusableGrant as unusable:
            return self._refuse(_unexpected(str(unusable), say), say, status=HTTPStatus.BAD_GATEWAY)
        await self._tokens.keep(grant)
        log.info("installed in %s", grant.workspace_id or grant.enterprise_id)
        response = _html(self._installed(grant, say))
        response.del_cookie(STATE_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def _is_ours(self, request: web.Request) -> bool:
        """Whether this browser began this installation, and has not come back before."""
        state, kept = request.query.get("state", ""), request.cookies.get(STATE_COOKIE, "")
        if not state or not hmac.compare_digest(state.encode(), kept.encode()):
            return False
        return await self._database.write(store.take_state, state_hash=_hash(state), now=self._clock.now())

    def _installed(self, grant: Grant, say: Speaker) -> str:
        open_url = None
        if grant.workspace_id is not None and grant.app_id:
            open_url = f"https://slack.com/app_redirect?app={grant.app_id}&team={grant.workspace_id}"
        missing = [scope for scope in self._scopes if scope not in grant.scopes]
        return pages.installed_page(say, name=grant.name, open_url=open_url, missing=missing)

    def _why_refused(self, refused: SlackApiError, say: Speaker) -> str:
        family = family_of(refused)
        sentence = TABLE[family].sentence
        if sentence and (family is Family.CODE_USED or TABLE[family].comes_back):
            return say(sentence)
        return _unexpected(reason_of(refused), say)

    def _refuse(self, why: str, say: Speaker, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> web.Response:
        return _html(pages.not_installed_page(say, why, install_url=INSTALL), status=status)

    def _speaker(self, request: web.Request) -> Speaker:
        first = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
        return self._texts.speaker(None if first == "*" else first)


def _unexpected(reason: str, say: Speaker) -> str:
    error_id = uuid4().hex[:8]
    log.error("error %s: an installation failed: %s", error_id, reason)
    return say("install.failed", error_id=error_id)


def _html(page: str, *, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", headers=_HEADERS)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
