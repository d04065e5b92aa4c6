"""Posts nudges into Slack and reads back whether one is there. What Slack's errors mean for a post stands here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.nudges.delivery import CannotReadBack, Delivery, Message, Outcome, ReadBackLater

EVENT_TYPE = "contract_guide_nudge"

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_LATER = _RATE_LIMITED | {"request_timeout", "team_added_to_org"}
_TOKEN = frozenset(
    {"token_revoked", "token_expired", "account_inactive", "invalid_auth", "missing_scope", "org_login_required"}
)
_NEVER = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "no_text",
        "metadata_too_large",
        "invalid_metadata_format",
        "invalid_metadata_schema",
    }
)
_A_WHILE = timedelta(seconds=30)
_UNTIL_SOMEBODY_ACTS = timedelta(minutes=15)
_HISTORY_PAGE = 100
_HISTORY_PAGES = 5
_CANNOT_READ = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "is_archived"})

ClientOf = Callable[[str], Awaitable[AsyncWebClient]]
"""The client that speaks with a workspace's token."""


class SlackCourier:
    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    async def post(
        self, *, workspace_id: str, channel_id: str, public_ids: Sequence[str], message: Message
    ) -> Delivery:
        client = await self._client(workspace_id)
        try:
            posted = await client.chat_postMessage(
                channel=channel_id,
                text=message.text,
                blocks=message.blocks,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"ids": list(public_ids)}},
                unfurl_links=False,
            )
        except SlackApiError as refused:
            return _meaning_of(refused)
        except aiohttp.ClientConnectorError as unreachable:
            return Delivery(Outcome.NOT_SENT, error=type(unreachable).__name__)
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, ValueError) as cut:
            return Delivery(Outcome.UNKNOWN, error=type(cut).__name__)
        ts = posted.get("ts")
        return Delivery(Outcome.SENT, message_ts=ts) if ts else Delivery(Outcome.UNKNOWN, error="no ts")

    async def find(self, *, workspace_id: str, channel_id: str, public_id: str, since: datetime) -> str | None:
        client = await self._client(workspace_id)
        cursor = ""
        for _ in range(_HISTORY_PAGES):
            answer = await _history(client, channel_id, since, cursor)
            for message in answer["messages"]:
                if public_id in _public_ids(message):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise CannotReadBack("the channel's history is too long to look through")

    async def _client(self, workspace_id: str) -> AsyncWebClient:
        """Raises ValueError for a client that repeats requests by itself: a repeated post is a second message."""
        client = await self._client_of(workspace_id)
        if client.retry_handlers:
            raise ValueError("the client that posts nudges must not repeat requests by itself")
        return client


async def _history(client: AsyncWebClient, channel_id: str, since: datetime, cursor: str) -> Any:
    try:
        return await client.conversations_history(
            channel=channel_id,
            oldest=f"{since.timestamp():.6f}",
            inclusive=True,
            include_all_metadata=True,
            limit=_HISTORY_PAGE,
            cursor=cursor or None,
        )
    except SlackApiError as refused:
        error = refused.response.get("error")
        if error in _CANNOT_READ:
            raise CannotReadBack(str(error)) from refused
        raise ReadBackLater(str(error)) from refused
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, ValueError) as cut:
        raise ReadBackLater(type(cut).__name__) from cut


def _meaning_of(refused: SlackApiError) -> Delivery:
    """Whether the message can be in the channel, from Slack's answer. An error that we do not know may mean it is."""
    response = refused.response
    error = str(response.get("error") or "")
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or error in _LATER:
        seconds = response.headers.get("Retry-After") or response.headers.get("retry-after")
        wait = timedelta(seconds=float(seconds)) if seconds else _A_WHILE
        return Delivery(Outcome.NOT_SENT, error=error, retry_after=wait)
    if error in _TOKEN:
        return Delivery(Outcome.NOT_SENT, error=error, retry_after=_UNTIL_SOMEBODY_ACTS)
    if error in _NEVER:
        return Delivery(Outcome.IMPOSSIBLE, error=error)
    return Delivery(Outcome.UNKNOWN, error=error)


def _public_ids(message: dict[str, Any]) -> list[str]:
    """The nudges that a message of ours carries; empty for any other message."""
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("ids")
    return found if metadata.get("event_type") == EVENT_TYPE and isinstance(found, list) else []
