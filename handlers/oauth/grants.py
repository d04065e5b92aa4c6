"""Slack's OAuth endpoints: where to send the one who installs, a code against tokens, a token against the next one.

Source: https://docs.slack.dev/authentication/installing-with-oauth and …/using-token-rotation (November 2026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp
from msgspec import Struct
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.clients import slack_client


class UnusableGrant(Exception):
    """Slack gave something that is no bot token with the ids that we need."""


@dataclass(frozen=True)
class BotToken:
    """`expires_in` is None, and there is no `refresh`, while the app's token rotation is switched off."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_in: timedelta | None = None


class Grant(Struct, frozen=True):
    """What an installation gave us. `workspace_id` is None for a whole organization."""

    workspace_id: str | None
    enterprise_id: str | None
    name: str
    app_id: str
    bot_user_id: str
    bot_id: str
    scopes: tuple[str, ...]
    token: BotToken


@dataclass(frozen=True)
class OAuthApp:
    """Our app as Slack knows it. Methods raise SlackApiError for a refusal, other errors of slack_sdk, aiohttp and
    asyncio when Slack cannot be reached, and UnusableGrant."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str = "https://slack.com/api/"

    def authorize_url(self, *, state: str, scopes: Sequence[str]) -> str:
        """Without redirect_uri: Slack then takes the first redirect URL of the app, the same that the manifest has."""
        query = urlencode({"client_id": self.client_id, "scope": ",".join(scopes), "state": state})
        return f"{urljoin(self.api_url, '/oauth/v2/authorize')}?{query}"

    async def exchange(self, code: str) -> Grant:
        given = await self._access(code=code)
        token = _bot_token(given)
        # Only auth.test tells the bot's own id, by which we know our messages when they come back as events.
        us = await slack_client(token.access, self.api_url).auth_test()
        return _grant(given, str(us.get("bot_id") or ""), token)

    async def refresh(self, refresh_token: str) -> BotToken:
        given = await self._access(grant_type="refresh_token", refresh_token=refresh_token)
        token = _bot_token(given)
        if token.refresh is None or token.expires_in is None:
            raise UnusableGrant("a refresh without a next refresh token")
        return token

    async def _access(self, **arguments: str) -> AsyncSlackResponse:
        # slack_sdk's own oauth_v2_access goes by a class that aiohttp 3.14 warns of and aiohttp 4 does not have.
        who = aiohttp.encode_basic_auth(self.client_id, self.client_secret)
        client = slack_client(None, self.api_url)
        return await client.api_call("oauth.v2.access", data=arguments, headers={"Authorization": who})


def _bot_token(given: Any) -> BotToken:
    access, seconds = given.get("access_token"), given.get("expires_in")
    if given.get("token_type") != "bot" or not isinstance(access, str):
        raise UnusableGrant("no bot token")
    return BotToken(
        access,
        refresh=given.get("refresh_token") if seconds else None,
        expires_in=timedelta(seconds=int(seconds)) if seconds else None,
    )


def _grant(given: Any, bot_id: str, token: BotToken) -> Grant:
    enterprise = given.get("enterprise") or {}
    team = {} if given.get("is_enterprise_install") else given.get("team") or {}
    if not (team.get("id") or enterprise.get("id")) or not given.get("bot_user_id") or not bot_id:
        raise UnusableGrant("no ids")
    return Grant(
        workspace_id=team.get("id"),
        enterprise_id=enterprise.get("id"),
        name=str(team.get("name") or enterprise.get("name") or ""),
        app_id=str(given.get("app_id") or ""),
        bot_user_id=given["bot_user_id"],
        bot_id=bot_id,
        scopes=tuple(scope for scope in str(given.get("scope") or "").split(",") if scope),
        token=token,
    )
