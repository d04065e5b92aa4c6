"""What Slack's errors mean and what we do: one table, from Slack's words to a sentence for people and a way on.

Whoever meets an error asks for its family, never for Slack's word. What posting a nudge needs to know beside (whether
the message can be in the channel) stands in `handlers.nudges.refusals`, whose words are taken over here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import DBAPIError

from handlers.nudges import refusals as posts
from handlers.oauth.tokens import NoTokenNow

UNREACHABLE = (TimeoutError, aiohttp.ClientError, SlackClientError, OSError)
"""What is raised where a request to Slack has come to no answer. SlackApiError is one, too: its row comes first."""
_A_WHILE = timedelta(seconds=10)
_LONGEST = timedelta(minutes=10)


class Family(StrEnum):
    TOO_FAST = "too_fast"
    NOT_NOW = "not_now"
    NO_SCOPE = "no_scope"
    NO_TOKEN = "no_token"
    NOT_IN_CHANNEL = "not_in_channel"
    PERSON_NOT_IN_CHANNEL = "person_not_in_channel"
    CHANNEL_CLOSED = "channel_closed"
    MESSAGE_GONE = "message_gone"
    TOO_LATE = "too_late"
    VIEW_MOVED = "view_moved"
    NO_SUCH_PERSON = "no_such_person"
    OUR_FAULT = "our_fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """`errors` are Slack's words, `prefixes` stand for those that come in many kinds."""

    errors: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    sentence: str | None = None
    """what people are told, by its key; None: we do not know what to advise, so they get an error id"""
    comes_back: bool = False
    """whether the same may work in a while: an event is then taken again by itself"""


TABLE: Mapping[Family, Row] = {
    Family.TOO_FAST: Row(posts.TooFast.errors, sentence="error.slack_busy", comes_back=True),
    Family.NOT_NOW: Row(
        posts.NotNow.errors | {"fatal_error", "internal_error", "service_unavailable"},
        sentence="error.slack_down",
        comes_back=True,
    ),
    Family.NO_SCOPE: Row(frozenset({"missing_scope", "no_permission"}), sentence="error.no_scope"),
    Family.NO_TOKEN: Row(posts.TokenRefused.errors, sentence="error.no_token"),
    Family.NOT_IN_CHANNEL: Row(frozenset({"not_in_channel", "channel_not_found"}), sentence="error.not_in_channel"),
    Family.PERSON_NOT_IN_CHANNEL: Row(frozenset({"user_not_in_channel"}), sentence="error.join_channel"),
    Family.CHANNEL_CLOSED: Row(
        posts.ChannelClosed.errors, posts.ChannelClosed.prefixes, sentence="error.channel_closed"
    ),
    Family.MESSAGE_GONE: Row(
        frozenset({"cant_update_message", "edit_window_closed", "message_not_found", "thread_not_found"}),
        sentence="error.message_gone",
    ),
    Family.TOO_LATE: Row(
        frozenset({"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "trigger_expired"}),
        sentence="error.too_late",
    ),
    Family.VIEW_MOVED: Row(frozenset({"hash_conflict", "not_found", "view_not_found"}), sentence="error.view_moved"),
    Family.NO_SUCH_PERSON: Row(
        frozenset({"user_not_found", "user_not_visible", "users_not_found"}),
        sentence="error.no_such_person",
    ),
    Family.OUR_FAULT: Row(
        posts.MessageRefused.errors | {"push_limit_reached", "view_too_large"}, posts.MessageRefused.prefixes
    ),
    Family.UNKNOWN: Row(),
}
"""The first row that has the word counts."""


def family_of(error: SlackApiError) -> Family:
    status = getattr(error.response, "status_code", HTTPStatus.OK)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Family.TOO_FAST
    word = word_of(error)
    named = (family for family, row in TABLE.items() if word in row.errors or word.startswith(row.prefixes or ("\0",)))
    return next(named, Family.NOT_NOW if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Family.UNKNOWN)


def word_of(error: SlackApiError) -> str:
    """Slack's own word; empty where its answer was no JSON."""
    response: Any = error.response
    word = response.get("error") if hasattr(response, "get") else None
    return word if isinstance(word, str) else ""


def comes_back(error: Exception) -> timedelta | None:
    """After how long the same may work, whatever stood in the way: Slack, the line to it, a database that is away.

    None where it would fail again.
    """
    if isinstance(error, SlackApiError):
        return retry_after(error) if TABLE[family_of(error)].comes_back else None
    return _A_WHILE if isinstance(error, (*UNREACHABLE, NoTokenNow, DBAPIError)) else None


def retry_after(error: SlackApiError) -> timedelta:
    """What Slack asks for with a 429, within reason."""
    headers = getattr(error.response, "headers", None) or {}
    named = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(timedelta(seconds=int(named)), _LONGEST) if str(named).isdecimal() else _A_WHILE
