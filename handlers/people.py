"""What Slack knows of people: their name, their language, the channels they are in. Kept for a short while."""

from __future__ import annotations

import logging
from typing import Any

from cachetools import TTLCache
from msgspec import Struct
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspaces.people import Standing
from handlers.blocks.parts import escape
from handlers.slack_errors import Family, family_of, reason_of

log = logging.getLogger(__name__)

_PERSON_SECONDS = 3600
_CHANNELS_SECONDS = 30
_PAGE = 200
_PAGES = 25


class Person(Struct, frozen=True):
    name: str
    """ready for mrkdwn: escaped, or a mention where Slack does not tell the name"""
    locale: str | None
    standing: Standing = Standing.MEMBER
    teams: frozenset[str] = frozenset()
    """the workspaces that Slack names for this person; empty when it names none"""

    def standing_in(self, workspace_id: str) -> Standing:
        return self.standing if workspace_id in self.teams or not self.teams else Standing.OUTSIDER


class People:
    """`timer` counts the seconds that an entry is kept."""

    def __init__(self) -> None:
        self._persons: TTLCache[tuple[str, str], Person] = TTLCache(maxsize=10_000, ttl=_PERSON_SECONDS)
        self._channels: TTLCache[tuple[str, str], frozenset[str]] = TTLCache(maxsize=10_000, ttl=_CHANNELS_SECONDS)

    async def person(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> Person:
        """What Slack tells of the person; of somebody whom it does not know in this workspace, an outsider."""
        key = (workspace_id, user_id)
        person: Person | None = self._persons.get(key)
        if person is None:
            try:
                person = self._persons[key] = await _ask_person(client, user_id)
            except SlackApiError as error:
                log.warning("users.info of %s: %s", user_id, reason_of(error))
                return Person(f"<@{user_id}>", None)  # not kept: the next time Slack may answer
        return person

    async def channels(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> frozenset[str]:
        """The ids of the channels that both the person and we are in; none when Slack does not tell us."""
        key = (workspace_id, user_id)
        found: frozenset[str] | None = self._channels.get(key)
        return await self.channels_now(client, workspace_id, user_id) if found is None else found

    async def channels_now(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> frozenset[str]:
        """The same, asked this moment: for whoever is about to change something."""
        found = await _ask_channels(client, user_id)
        self._channels[workspace_id, user_id] = found
        return found


async def _ask_person(client: AsyncWebClient, user_id: str) -> Person:
    try:
        answer = await client.users_info(user=user_id, include_locale=True)
    except SlackApiError as error:
        if family_of(error) is Family.NO_SUCH_PERSON:
            return Person(f"<@{user_id}>", None, Standing.OUTSIDER)
        raise
    user: dict[str, Any] = answer["user"]
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Person(escape(name) if name else f"<@{user_id}>", user.get("locale"), _standing(user), _teams(user))


def _standing(user: dict[str, Any]) -> Standing:
    if user.get("deleted") or user.get("is_stranger"):
        return Standing.OUTSIDER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.ADMIN if user.get("is_admin") or user.get("is_owner") else Standing.MEMBER


def _teams(user: dict[str, Any]) -> frozenset[str]:
    """In an organization a person has one home team and belongs to many."""
    named = [user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())]
    return frozenset(team for team in named if team)


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
            log.warning("users.conversations of %s: %s", user_id, reason_of(error))
            break
        found |= {channel["id"] for channel in answer["channels"]}
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return frozenset(found)
