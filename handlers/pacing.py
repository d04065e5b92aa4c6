"""How fast Slack lets us ask: each method has its turn, and a 429 holds the queue of its method, not of the others.

Limits: https://docs.slack.dev/apis/web-api/rate-limits and the methods' own pages (November 2026), per workspace and
app. Nudges have a pace of their own, which survives a restart (`bot.nudges.sweep`), and do not come by here.

A limiter of a library (aiolimiter) knows no time before which nothing may go, and that is what a 429 says.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from math import ceil
from typing import Any

from cachetools import LRUCache
from msgspec import Struct
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.clients import SlackClient
from handlers.slack_errors import Family, family_of, retry_after

ClientOf = Callable[[str], Awaitable[AsyncWebClient]]
"""The client that speaks with a workspace's token."""

_KEPT = 10_000
_CLIENTS = 1_000
_TRIES = 3


class Limit(Struct, frozen=True):
    """`at_once` requests, and `per_minute` more as the time goes by. `patience` in seconds: nobody waits longer."""

    per_minute: float
    at_once: int
    patience: float = 30.0

    @property
    def gap(self) -> float:
        return 60.0 / self.per_minute


_TIER_1, _TIER_2, _TIER_3, _TIER_4 = Limit(1, 1), Limit(20, 20), Limit(50, 50), Limit(100, 100)
_WINDOW = Limit(100, 100, patience=2.0)
"""A trigger lives for three seconds."""
_ONE_CHANNEL = Limit(60, 5)
"""About one message a second in a channel; a short burst is let through."""
LIMITS: Mapping[str, Limit] = {
    "agents.sessions.setStatus": Limit(50, 50, patience=5.0),
    "apps.uninstall": _TIER_1,
    "assistant.threads.setStatus": Limit(600, 60),
    "assistant.threads.setSuggestedPrompts": _TIER_4,
    "auth.test": Limit(600, 60),
    "chat.delete": _TIER_3,
    "chat.getPermalink": Limit(600, 60),
    "chat.postEphemeral": _TIER_4,
    "chat.postMessage": _ONE_CHANNEL,
    "chat.startStream": _TIER_2,
    "chat.stopStream": _TIER_2,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.members": _TIER_4,
    "conversations.replies": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "users.conversations": _TIER_3,
    "users.info": _TIER_4,
    "views.open": _WINDOW,
    "views.publish": _TIER_4,
    "views.push": _WINDOW,
    "views.update": _WINDOW,
}
"""`auth.test`, `getPermalink` and `setStatus` have limits of their own, hundreds a minute, that Slack does not tell."""
_OTHERS = _TIER_2


class Pace:
    """One process's turns. `now` and `sleep` are in seconds."""

    def __init__(
        self, *, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._empty_at: LRUCache[Hashable, float] = LRUCache(maxsize=_KEPT)
        """when everything that has had its turn is worked off; a turn's place is found by it, as in a leaky bucket"""
        self._clients: LRUCache[Hashable, PacedClient] = LRUCache(maxsize=_CLIENTS)

    def client(self, client: AsyncWebClient) -> PacedClient:
        """The same client, at this pace. Bolt makes one for every request; we make one for every token."""
        key = client.token, client.default_params.get("team_id")
        found = self._clients.get(key)
        if found is None:
            found = self._clients[key] = PacedClient.of(client, self)
        return found

    async def turn(self, key: Hashable, limit: Limit) -> float | None:
        """Waits for the turn. Where that takes more than the limit's patience: the seconds, and no turn."""
        now = self._now()
        empty_at = max(self._empty_at.get(key, now), now)
        wait = empty_at - now - (limit.at_once - 1) * limit.gap
        if wait > limit.patience:
            return wait
        self._empty_at[key] = empty_at + limit.gap
        if wait > 0:
            await self._sleep(wait)
        return None

    def hold(self, key: Hashable, limit: Limit, seconds: float) -> None:
        """Nobody's turn comes before that, and then one after the other."""
        full = self._now() + seconds + (limit.at_once - 1) * limit.gap
        self._empty_at[key] = max(self._empty_at.get(key, full), full)


class PacedClient(SlackClient):
    """Waits for its turn before each request. What Slack answers with 429 it did not take: that is repeated."""

    pace: Pace

    @classmethod
    def of(cls, client: AsyncWebClient, pace: Pace) -> PacedClient:
        """The same client, at that pace."""
        paced = cls.like(client)
        paced.pace = pace
        return paced

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        limit = LIMITS.get(api_method, _OTHERS)
        key = self.token, api_method, _channel(how) if limit is _ONE_CHANNEL else None
        for number in range(_TRIES):
            wait = await self.pace.turn(key, limit)
            if wait is not None:
                raise self._too_fast(api_method, wait)
            try:
                return await super().api_call(api_method, **how)
            except SlackApiError as refused:
                if family_of(refused) is not Family.TOO_FAST:
                    raise
                seconds = retry_after(refused).total_seconds()
                self.pace.hold(key, limit, seconds)
                if number == _TRIES - 1 or seconds > limit.patience:
                    raise
        raise AssertionError("the last try returns or raises")

    def _too_fast(self, api_method: str, wait: float) -> SlackApiError:
        """What Slack would have said."""
        response = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=f"{self.base_url}{api_method}",
            req_args={},
            data={"ok": False, "error": "ratelimited"},
            headers={"Retry-After": str(ceil(wait))},
            status_code=429,
        )
        return SlackApiError("not asked, since Slack would refuse it", response)  # type: ignore[no-untyped-call]


def paced(client_of: ClientOf, pace: Pace | None) -> ClientOf:
    """Those clients at that pace; as they are where there is none."""

    async def at_that_pace(workspace_id: str) -> AsyncWebClient:
        client = await client_of(workspace_id)
        return pace.client(client) if pace else client

    return at_that_pace


def _channel(how: Mapping[str, Any]) -> str | None:
    arguments = how.get("json") or how.get("params") or how.get("data") or {}
    return arguments.get("channel") if isinstance(arguments, Mapping) else None
