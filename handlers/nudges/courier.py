"""Posts nudges into Slack and reads back whether one is there."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.nudges.delivery import CannotReadBack, Delivery, IsStale, Message, Outcome, ReadBackLater, WorkspaceClosed
from handlers.clients import NotInstalled, NoTokenNow
from handlers.nudges.deadline import not_after, watched
from handlers.nudges.outcomes import CANNOT_READ, outcome_of
from handlers.slack_errors import BROKEN_LINE, asked_to_wait, family_of, reason_of

EVENT_TYPE = "contract_guide_nudge"

_HISTORY_PAGE = 200
_SMALL_HISTORY_PAGE = 15
_HISTORY_PAGES = 25
_MINUTE = 60.0
_WINDOW_AFTER = timedelta(minutes=2)

ClientOf = Callable[[str], Awaitable[AsyncWebClient]]
"""The client that speaks with a workspace's token."""


class RepeatsByItself(Exception):
    """The client has retry handlers: a post that is cut after Slack accepted it would become two messages."""


def refuse_repeating(client: AsyncWebClient) -> AsyncWebClient:
    """Raises RepeatsByItself for a client that must not post nudges."""
    if client.retry_handlers:
        raise RepeatsByItself("the client that posts nudges must have no retry handlers")
    return client


class SlackCourier:
    """`history_per_minute` is Slack's limit for reading history, per workspace.

    Apps that are distributed outside Slack's Marketplace have 1, with 15 messages a call; all others 50.
    """

    def __init__(self, client_of: ClientOf, clock: Clock, *, history_per_minute: int = 50) -> None:
        self._client_of = client_of
        self._clock = clock
        self._per_minute = history_per_minute
        self._reads: defaultdict[str, deque[float]] = defaultdict(deque)
        self._ahead = timedelta(0)
        """how far Slack's clock is ahead of ours: its timestamps are what the history is searched by"""

    async def post(
        self, *, workspace_id: str, channel_id: str, public_ids: Sequence[str], message: Message, not_after: float
    ) -> Delivery:
        try:
            client = refuse_repeating(await self._client_of(workspace_id))
        except NotInstalled:
            return Delivery(Outcome.WORKSPACE_CLOSED, error="not_installed")
        except NoTokenNow:
            return Delivery(Outcome.NOT_SENT, error="no_token_now")
        try:
            async with _leaving_not_after(not_after, client) as watched_client:
                posted = await watched_client.chat_postMessage(
                    channel=channel_id,
                    text=message.text,
                    blocks=message.blocks,
                    metadata={"event_type": EVENT_TYPE, "event_payload": {"ids": list(public_ids)}},
                )
        except IsStale:
            return Delivery(Outcome.STALE)
        except SlackApiError as refused:
            return _meaning_of(refused)
        except aiohttp.ClientConnectorError as unreachable:
            return Delivery(Outcome.NOT_SENT, error=type(unreachable).__name__)
        except BROKEN_LINE as cut:
            return Delivery(Outcome.UNKNOWN, error=type(cut).__name__)
        self._learn_time(posted.headers)
        ts = posted.get("ts")
        return Delivery(Outcome.SENT, message_ts=ts) if ts else Delivery(Outcome.UNKNOWN, error="no ts")

    async def find(
        self, *, workspace_id: str, channel_id: str, public_ids: Collection[str], since: datetime
    ) -> dict[str, str]:
        try:
            client = refuse_repeating(await self._client_of(workspace_id))
        except NotInstalled as gone:
            raise WorkspaceClosed("not_installed") from gone
        except NoTokenNow as without:
            raise ReadBackLater("no_token_now") from without
        missing, found = set(public_ids), dict[str, str]()
        window = (since + self._ahead, self._clock.now() + self._ahead + _WINDOW_AFTER)
        cursor = ""
        for _ in range(_HISTORY_PAGES):
            self._spend(workspace_id)
            answer = await self._history(client, channel_id, window, cursor)
            for message in answer["messages"]:
                here = missing.intersection(public_ids_of(message))
                missing -= here
                found |= dict.fromkeys(here, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not missing or not cursor:
                return found
        raise CannotReadBack("the channel's history is too long to look through")

    async def _history(
        self, client: AsyncWebClient, channel_id: str, window: tuple[datetime, datetime], cursor: str
    ) -> Any:
        oldest, latest = window
        try:
            answer = await client.conversations_history(
                channel=channel_id,
                oldest=f"{oldest.timestamp():.6f}",
                latest=f"{latest.timestamp():.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=_SMALL_HISTORY_PAGE if self._per_minute == 1 else _HISTORY_PAGE,
                cursor=cursor or None,
            )
        except SlackApiError as refused:
            if family_of(refused) in CANNOT_READ:
                raise CannotReadBack(reason_of(refused)) from refused
            if outcome_of(refused) is Outcome.WORKSPACE_CLOSED:
                raise WorkspaceClosed(reason_of(refused)) from refused
            raise ReadBackLater(reason_of(refused)) from refused
        except BROKEN_LINE as cut:
            raise ReadBackLater(type(cut).__name__) from cut
        self._learn_time(answer.headers)
        return answer

    def _spend(self, workspace_id: str) -> None:
        """Raises ReadBackLater when this minute's reads are used up."""
        reads, now = self._reads[workspace_id], time.monotonic()
        while reads and reads[0] <= now - _MINUTE:
            reads.popleft()
        if len(reads) >= self._per_minute:
            raise ReadBackLater("the history may not be read again within this minute")
        reads.append(now)

    def _learn_time(self, headers: Mapping[str, str]) -> None:
        date = date_of(headers)
        if date is not None:
            self._ahead = date - self._clock.now()


@asynccontextmanager
async def _leaving_not_after(moment: float, client: AsyncWebClient) -> AsyncIterator[AsyncWebClient]:
    """The same client over a line of its own, on which nothing leaves after that moment: IsStale is raised instead."""
    limit = aiohttp.ClientTimeout(total=client.timeout)
    async with aiohttp.ClientSession(timeout=limit, trace_configs=[watched()]) as session:
        watched_client = copy(client)
        watched_client.session = session
        with not_after(moment):
            yield watched_client


def public_ids_of(message: Mapping[str, Any]) -> list[str]:
    """The nudges that a message of ours, or the event of one, carries; empty for any other message."""
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("ids")
    return found if metadata.get("event_type") == EVENT_TYPE and isinstance(found, list) else []


async def time_at_slack(client: AsyncWebClient) -> datetime | None:
    """What Slack's clock says, to the second; None when Slack cannot be asked."""
    try:
        answer = await client.api_test()
    except SlackApiError as refused:
        return date_of(refused.response.headers)
    except BROKEN_LINE:
        return None
    return date_of(answer.headers)


def _meaning_of(refused: SlackApiError) -> Delivery:
    return Delivery(outcome_of(refused), error=reason_of(refused), retry_after=asked_to_wait(refused))


def date_of(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(headers, "date") or "").astimezone(UTC)
    except ValueError:
        return None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)
