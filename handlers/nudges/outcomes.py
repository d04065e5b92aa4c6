"""Whether a post that Slack refused can be in the channel all the same, by the family of the error."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.nudges.delivery import Outcome
from handlers.slack_errors import CLOSED_TO_US, Family, family_of

_OUTCOMES: Mapping[Family, Outcome] = {
    Family.TOO_FAST: Outcome.CHANNEL_BUSY,
    Family.NOT_BEGUN: Outcome.NOT_SENT,
    Family.NO_TOKEN: Outcome.WORKSPACE_CLOSED,
    Family.NO_SCOPE: Outcome.WORKSPACE_CLOSED,
    Family.NOT_IN_CHANNEL: Outcome.IMPOSSIBLE,
    Family.CHANNEL_CLOSED: Outcome.IMPOSSIBLE,
    Family.MESSAGE_GONE: Outcome.IMPOSSIBLE,
    Family.OUR_FAULT: Outcome.IMPOSSIBLE,
}
CANNOT_READ = CLOSED_TO_US | {Family.NO_SCOPE}
"""After these the channel's history will not be readable a minute later either."""


def outcome_of(refused: SlackApiError) -> Outcome:
    """After an error of any other family the message may be there."""
    return _OUTCOMES.get(family_of(refused), Outcome.UNKNOWN)
