"""What Slack knows of people: their name, their language, the channels they are in. Kept for a short while."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.parts import escape

log = logging.getLogger(__name__)

_PERSON_SECONDS = 3600
_CHANNELS_SECONDS = 30
_PAGE = 200
_PAGES = 25


@dataclass(frozen=True)
class Person:
    name: str
    """ready for mrkdwn: escaped, or a mention where Slack does not tell the name"""
    locale: str | None


class People:
    """`timer` counts the seconds that an entry is kept."""

    def __init__(self) -> None:
        self._persons: TTLCache[tuple[str, str], Person] = TTLCache(maxsize=10_000, ttl=_PERSON_SECONDS)
        self._channels: TTLCache[tuple[str, str], frozenset[str]] = TTLCache(maxsize=10_000, ttl=_CHANNELS_SECONDS)

    async def person(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> Person:
        """The person's name and locale; the bare mention when Slack does not tell us."""
        key = (workspace_id, user_id)
        if key not in self._persons:
            self._persons[key] = await _ask_person(client, user_id)
        return self._persons[key]

    async def channels(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> frozenset[str]:
        """The ids of the channels that both the person and we are in; none when Slack does not tell us."""
        key = (workspace_id, user_id)
        if key not in self._channels:
            self._channels[key] = await _ask_channels(client, user_id)
        return self._channels[key]


async def _ask_person(client: AsyncWebClient, user_id: str) -> Person:
    try:
        answer = await client.users_info(user=user_id, include_locale=True)
    except SlackApiError as error:
        log.warning("users.info of %s: %s", user_id, error.response["error"])
        return Person(f"<@{user_id}>", None)
    user: dict[str, Any] = answer["user"]
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Person(escape(name) if name else f"<@{user_id}>", user.get("locale"))


async def _ask_channels(client: AsyncWebClient, user_id: str) -> frozenset[str]:
    found: set[str] = set()
    cursor = ""
    for _ in range(_PAGES):
        try:
            answer = await client.users_conversations(
                user=user_id,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
        except SlackApiError as error:
            log.warning("users.conversations of %s: %s", user_id, error.response["error"])
            break
        found |= {channel["id"] for channel in answer["channels"]}
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return frozenset(found)
