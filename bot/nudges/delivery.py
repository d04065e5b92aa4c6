"""What the sweep hands to Slack's side, and what it learns back: the seam between deciding and posting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.contracts.outlook import Outlook
from bot.procedure.model import NudgeRule


@dataclass(frozen=True)
class DueNudge:
    """One nudge at the moment of its delivery, with the contract as it stands now."""

    nudge_id: int
    public_id: str
    ordinal: int
    rule: NudgeRule
    step_id: str
    counted_on: date
    outlook: Outlook


@dataclass(frozen=True)
class Message:
    """A Slack message: `text` is what notifications and screen readers say, `blocks` is what is shown."""

    text: str
    blocks: Sequence[dict[str, Any]]


Renderer = Callable[[DueNudge], Message]


class Outcome(StrEnum):
    SENT = "sent"
    """Slack accepted the message."""
    NOT_SENT = "not_sent"
    """Slack certainly has not posted it, and may later."""
    IMPOSSIBLE = "impossible"
    """Slack has not posted it and never will: the channel is gone, or the message is malformed."""
    UNKNOWN = "unknown"
    """Nobody can say whether it was posted."""


@dataclass(frozen=True)
class Delivery:
    outcome: Outcome
    message_ts: str | None = None
    error: str = ""
    retry_after: timedelta | None = None


class CannotReadBack(Exception):
    """The channel's history may not be read, so an unknown outcome stays unknown."""


class ReadBackLater(Exception):
    """The history could not be read just now."""


class Courier(Protocol):
    """Posts into channels and looks up what was posted. Never retries by itself."""

    async def post(self, *, workspace_id: str, channel_id: str, public_id: str, message: Message) -> Delivery: ...

    async def find(self, *, workspace_id: str, channel_id: str, public_id: str, since: datetime) -> str | None:
        """The ts of the message with this public id, posted at `since` or later; None when there is none.

        Raises CannotReadBack or ReadBackLater.
        """
        ...
