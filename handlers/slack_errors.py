"""What Slack's errors mean and what we do: one table, from Slack's words to a sentence for people and a way on.

Whoever meets an error asks for its family, never for Slack's word; no word stands anywhere else. Whether a reminder can
be in the channel all the same is told by the family, too (`handlers.nudges.outcomes`).

Words: the error lists of the methods' pages at https://docs.slack.dev/reference/methods (November 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp
from msgspec import Struct
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import DBAPIError

from handlers.clients import NoTokenNow

UNREACHABLE = (TimeoutError, aiohttp.ClientError, SlackClientError, OSError)
"""What is raised where a request to Slack has come to no answer. SlackApiError is one, too: its row comes first."""
BROKEN_LINE = (*UNREACHABLE, ValueError)
"""The same, and an answer that is none: JSON that ends too soon."""
_A_WHILE = timedelta(seconds=10)
_LONGEST = timedelta(minutes=10)


class Family(StrEnum):
    TOO_FAST = "too_fast"
    NOT_BEGUN = "not_begun"
    BROKEN_OFF = "broken_off"
    NO_SCOPE = "no_scope"
    NO_TOKEN = "no_token"
    NOT_IN_CHANNEL = "not_in_channel"
    PERSON_NOT_IN_CHANNEL = "person_not_in_channel"
    CHANNEL_CLOSED = "channel_closed"
    MESSAGE_GONE = "message_gone"
    TOO_LATE = "too_late"
    VIEW_CHANGED = "view_changed"
    VIEW_CLOSED = "view_closed"
    NO_SUCH_PERSON = "no_such_person"
    CODE_USED = "code_used"
    OUR_FAULT = "our_fault"
    UNKNOWN = "unknown"


CLOSED_TO_US = frozenset({Family.NOT_IN_CHANNEL, Family.CHANNEL_CLOSED})
"""Nothing of ours comes into that channel, and nothing that stands there can be changed."""
OUT_OF_REACH = CLOSED_TO_US | {Family.MESSAGE_GONE}
"""A message of ours that can be neither changed nor shown the way to."""


class Row(Struct, frozen=True):
    """`errors` are Slack's words, `prefixes` stand for those that come in many kinds."""

    errors: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    sentence: str | None = None
    """what people are told, by its key; None: we do not know what to advise, so they get an error id"""
    comes_back: bool = False
    """whether the same may work in a while: an event is then taken again by itself"""

    def covers(self, word: str) -> bool:
        return word in self.errors or word.startswith(self.prefixes)


TABLE: Mapping[Family, Row] = {
    Family.TOO_FAST: Row(
        frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"}),
        sentence="error.slack_busy",
        comes_back=True,
    ),
    # Nothing of it was done.
    Family.NOT_BEGUN: Row(
        frozenset({"external_channel_migrating", "request_timeout", "team_added_to_org"}),
        sentence="error.slack_down",
        comes_back=True,
    ),
    # Slack: "some aspect of the operation may have succeeded before the error was raised".
    Family.BROKEN_OFF: Row(
        frozenset({"fatal_error", "internal_error", "service_unavailable", "update_failed"}),
        sentence="error.slack_down",
        comes_back=True,
    ),
    Family.NO_SCOPE: Row(frozenset({"missing_scope"}), sentence="error.no_scope"),
    # Nothing works in this workspace until somebody installs us again.
    Family.NO_TOKEN: Row(
        frozenset(
            {
                "access_denied",
                "account_inactive",
                "enterprise_is_restricted",
                "invalid_auth",
                "not_allowed_token_type",
                "not_authed",
                "org_login_required",
                "team_access_not_granted",
                "token_expired",
                "token_revoked",
            }
        ),
        sentence="error.no_token",
    ),
    # no_permission: "make sure your app is a member of the conversation it's attempting to post a message to".
    Family.NOT_IN_CHANNEL: Row(
        frozenset({"channel_not_found", "no_permission", "not_in_channel"}), sentence="error.not_in_channel"
    ),
    Family.PERSON_NOT_IN_CHANNEL: Row(frozenset({"user_not_in_channel"}), sentence="error.join_channel"),
    # is_inactive is what chat.update says of an archived channel, where chat.postMessage says is_archived.
    Family.CHANNEL_CLOSED: Row(
        frozenset({"ekm_access_denied", "is_archived", "is_inactive"}),
        prefixes=("restricted_action",),
        sentence="error.channel_closed",
    ),
    Family.MESSAGE_GONE: Row(
        frozenset(
            {
                "cannot_reply_to_message",
                "cant_update_message",
                "edit_window_closed",
                "message_not_found",
                "thread_not_found",
            }
        ),
        sentence="error.message_gone",
    ),
    Family.TOO_LATE: Row(
        frozenset({"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "trigger_expired"}),
        sentence="error.too_late",
    ),
    Family.VIEW_CHANGED: Row(frozenset({"hash_conflict"}), sentence="error.view_moved"),
    Family.VIEW_CLOSED: Row(frozenset({"not_found", "view_not_found"}), sentence="error.view_moved"),
    Family.NO_SUCH_PERSON: Row(
        frozenset({"user_not_found", "user_not_visible", "users_not_found"}),
        sentence="error.no_such_person",
    ),
    Family.CODE_USED: Row(frozenset({"bad_code", "code_already_used", "invalid_code"}), sentence="install.used"),
    # What we asked is wrong.
    Family.OUR_FAULT: Row(
        frozenset(
            {"markdown_text_conflict", "no_text", "push_limit_reached", "too_many_attachments", "view_too_large"}
        ),
        prefixes=("invalid_arg", "invalid_blocks", "invalid_metadata", "metadata_", "msg_"),
    ),
    Family.UNKNOWN: Row(),
}
"""No word stands in two rows."""


def family_of(error: SlackApiError) -> Family:
    """By the status where it says all: a server that broke down may have done what it calls impossible."""
    status = status_of(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Family.TOO_FAST
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Family.BROKEN_OFF
    return family_named(_word_of(error))


def family_named(word: str) -> Family:
    """By Slack's word, as it may stand in our database."""
    return next((family for family, row in TABLE.items() if row.covers(word)), Family.UNKNOWN)


def reason_of(error: SlackApiError) -> str:
    """For the log, and for whoever runs us: Slack's own word, or the status where it gave none."""
    return _word_of(error) or f"HTTP {status_of(error)}"


def is_slacks(error: SlackApiError) -> bool:
    """Whether it is Slack that refuses, in its own words, and not a proxy or some other server."""
    return bool(_word_of(error))


def _word_of(error: SlackApiError) -> str:
    """Slack's own word; empty where its answer was no JSON."""
    answer: Any = getattr(error.response, "data", None)
    word = answer.get("error") if isinstance(answer, dict) else None
    return word if isinstance(word, str) else ""


def status_of(error: SlackApiError) -> int:
    """The HTTP status, also where slack_sdk could not read the answer and gives aiohttp's own."""
    response: Any = error.response
    return int(getattr(response, "status_code", getattr(response, "status", HTTPStatus.OK)))


def comes_back(error: Exception) -> timedelta | None:
    """After how long the same may work, whatever stood in the way: Slack, the line to it, a database that is away.

    None where it would fail again.
    """
    if isinstance(error, SlackApiError):
        return retry_after(error) if TABLE[family_of(error)].comes_back else None
    return _A_WHILE if isinstance(error, (*UNREACHABLE, NoTokenNow, DBAPIError)) else None


def retry_after(error: SlackApiError) -> timedelta:
    """How long to wait before the same is asked again: what Slack asks for, within reason."""
    return min(asked_to_wait(error) or _A_WHILE, _LONGEST)


def asked_to_wait(error: SlackApiError) -> timedelta | None:
    """What stands in Retry-After."""
    headers = getattr(error.response, "headers", None) or {}
    named = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(named)) if named.isdecimal() else None
