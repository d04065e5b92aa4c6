"""The token for a workspace: found by team, then by organization; refreshed before its end by one of us only."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.workspaces.installing import Installed, connect, connect_through_organization, look_up, renew
from handlers.clients import NotInstalled, NoTokenNow, slack_client
from handlers.oauth.grants import Grant, OAuthApp, UnusableGrant
from handlers.slack_errors import TABLE, UNREACHABLE, family_of, reason_of
from storage import installations as store
from storage.database import Database
from storage.tables import Installation
from storage.vault import CannotUnseal, Vault

log = logging.getLogger(__name__)

_REFRESH_BEFORE = timedelta(hours=2)
_STILL_GOOD = timedelta(minutes=1)
_LEASE = timedelta(seconds=60)
"""Longer than a request to Slack may take."""
_LOOK_AGAIN_SECONDS = 0.2
_LOOKS = 50


class Tokens(AsyncAuthorize):
    """Bolt asks it before every request, the sweep before every post. Nothing is kept in memory, so that a token is
    not used for a moment longer than the workspace wants."""

    refresh_period = timedelta(minutes=15)
    """How often tokens that come near their end are looked for."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        oauth: OAuthApp,
        *,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self.oauth = oauth
        self._session = session

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """None when the app is not installed there: Bolt then answers with our sentence and calls no listener."""
        looked_up = await self._database.read(look_up, workspace_id=team_id, enterprise_id=enterprise_id)
        if looked_up is None:
            return None
        found = looked_up.installation
        try:
            token = await self._token(found)
        except (NotInstalled, NoTokenNow):
            return None
        if looked_up.is_news:
            await self._database.write(
                connect_through_organization,
                workspace_id=team_id,
                enterprise_id=found.enterprise_id,
                now=self._clock.now(),
            )
        return AuthorizeResult(
            enterprise_id=found.enterprise_id,
            team_id=team_id,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_token=token,
            bot_scopes=found.scopes,
            user_id=user_id,
        )

    async def client_of(self, workspace_id: str) -> AsyncWebClient:
        """A client of its own for one use. Raises NotInstalled or NoTokenNow."""
        found = await self._database.read(store.find_installation, workspace_id=workspace_id)
        if found is None:
            raise NotInstalled(workspace_id)
        token = await self._token(found)
        return slack_client(token, self.oauth.api_url, workspace_id=workspace_id, session=self._session)

    async def keep(self, grant: Grant) -> None:
        """Writes down an installation and lets what was stopped go on."""
        now = self._clock.now()
        await self._database.write(
            connect,
            Installed(
                workspace_id=grant.workspace_id,
                enterprise_id=grant.enterprise_id,
                name=grant.name,
                bot_user_id=grant.bot_user_id,
                bot_id=grant.bot_id,
                scopes=grant.scopes,
                token=self._vault.seal(grant.token.access),
                refresh_token=self._vault.seal(grant.token.refresh) if grant.token.refresh else None,
                expires_at=now + grant.token.expires_in if grant.token.expires_in else None,
            ),
            now=now,
        )

    async def refresh_due(self) -> None:
        """Refreshes every token that comes near its end, long before anybody has to wait for it."""
        due = await self._database.read(store.installations_that_expire, before=self._clock.now() + _REFRESH_BEFORE)
        for installation in due:
            try:
                await self._refresh(installation)
            except (NotInstalled, NoTokenNow) as without:
                log.warning("the token of %s was not refreshed: %s", _whose(installation), without)

    async def _token(self, found: Installation) -> str:
        """Raises NotInstalled or NoTokenNow."""
        for _ in range(_LOOKS):
            if _is_good(found, self._clock.now()):
                return self._unseal(found.token)
            if not await self._refresh(found):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)  # somebody else is asking Slack just now
            renewed = await self._database.read(store.installation, installation_id=found.id)
            if renewed is None:
                raise NotInstalled("it is gone")
            found = renewed
        raise NoTokenNow("somebody else is asking for too long")

    async def _refresh(self, installation: Installation) -> bool:
        """False when somebody else is at it. Raises NotInstalled when Slack gives no further token, or NoTokenNow."""
        assert installation.id is not None
        now = self._clock.now()
        claim = {"installation_id": installation.id, "until": now + _LEASE}
        if not await self._database.write(store.claim_refresh, now=now, **claim):
            return False
        try:
            await self._ask_for_the_next(installation)
        except SlackApiError as refused:
            gone = NoTokenNow if TABLE[family_of(refused)].comes_back else NotInstalled
            raise gone(reason_of(refused)) from refused
        except (*UNREACHABLE, UnusableGrant) as cut:
            raise NoTokenNow(type(cut).__name__) from cut
        finally:
            await self._database.write(store.release_refresh, **claim)
        return True

    async def _ask_for_the_next(self, installation: Installation) -> None:
        # Read under the claim: what we were given may have been used up by the one who had the claim before us.
        current = await self._database.read(store.installation, installation_id=installation.id)
        now = self._clock.now()
        if current is None or current.refresh_token is None:
            raise NotInstalled("it cannot be refreshed")
        assert current.id is not None
        if current.expires_at is not None and current.expires_at - now > _REFRESH_BEFORE:
            return
        given = await self.oauth.refresh(self._unseal(current.refresh_token))
        assert given.refresh is not None
        assert given.expires_in is not None
        await self._database.write(
            renew,
            current,
            now=now,
            token=self._vault.seal(given.access),
            refresh_token=self._vault.seal(given.refresh),
            expires_at=now + given.expires_in,
        )

    def _unseal(self, sealed: str) -> str:
        try:
            return self._vault.unseal(sealed)
        except CannotUnseal:
            raise NotInstalled("it opens with none of TOKEN_KEYS") from None


def _is_good(installation: Installation, now: datetime) -> bool:
    return installation.expires_at is None or installation.expires_at - now > _STILL_GOOD


def _whose(installation: Installation) -> str:
    return installation.workspace_id or installation.enterprise_id or "?"
