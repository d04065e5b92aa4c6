"""What Slack's errors mean for a post: one small class for each family. An error in none of them may mean anything."""

from __future__ import annotations

from typing import ClassVar

from bot.nudges.delivery import Outcome


class Refusal:
    """A family of errors after which we know something. `prefixes` stand for errors that Slack has in many kinds."""

    outcome: ClassVar[Outcome]
    errors: ClassVar[frozenset[str]]
    prefixes: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def covers(cls, error: str) -> bool:
        return error in cls.errors or error.startswith(cls.prefixes)


class TooFast(Refusal):
    """Slack wants this channel slower, and says how long."""

    outcome = Outcome.CHANNEL_BUSY
    errors = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


class NotNow(Refusal):
    """Slack did not begin with the request."""

    outcome = Outcome.NOT_SENT
    errors = frozenset({"request_timeout", "team_added_to_org"})


class TokenRefused(Refusal):
    """Nothing works in this workspace until somebody installs us again."""

    outcome = Outcome.WORKSPACE_CLOSED
    errors = frozenset(
        {
            "access_denied",
            "account_inactive",
            "enterprise_is_restricted",
            "invalid_auth",
            "missing_scope",
            "not_allowed_token_type",
            "not_authed",
            "org_login_required",
            "team_access_not_granted",
            "token_expired",
            "token_revoked",
        }
    )


class ChannelClosed(Refusal):
    """This channel takes no message of ours: it is gone, we are not in it, or its owners forbid it."""

    outcome = Outcome.IMPOSSIBLE
    errors = frozenset(
        {"cannot_reply_to_message", "channel_not_found", "is_archived", "not_in_channel", "no_permission"}
    )
    prefixes = ("restricted_action",)


class MessageRefused(Refusal):
    """The message itself is wrong: our fault."""

    outcome = Outcome.IMPOSSIBLE
    errors = frozenset({"markdown_text_conflict", "no_text", "too_many_attachments"})
    prefixes = ("invalid_arg", "invalid_blocks", "invalid_metadata", "metadata_", "msg_")


def meaning_of(error: str) -> Outcome:
    """Whether the message can be in the channel. An error that we do not know may mean that it is."""
    family = next((one for one in Refusal.__subclasses__() if one.covers(error)), None)
    return family.outcome if family else Outcome.UNKNOWN


CANNOT_READ = ChannelClosed.errors | {"missing_scope", "no_permission"}
"""After these the channel's history will not be readable a minute later either."""
