"""What the sweep hands to Slack's side, and what it learns back: the seam between deciding and posting."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, TypedDict

from msgspec import Struct

from bot.contracts.outlook import Outlook
from bot.procedure.reminders import Called, Digest, NudgeRule


class AnswerKind(StrEnum):
    """What somebody said to a nudge."""

    NOT_YET = "not_yet"
    TOMORROW = "tomorrow"
    UNDERSTOOD = "understood"
    LOOKED = "looked"
    """opened the window in which it is settled; the nudge stands as it was"""


class Answer(Struct, frozen=True):
    """`next_at` is when the next reminder of this kind is due; None when there is none to come."""

    kind: AnswerKind
    by: str
    next_at: datetime | None


class DueNudge(Struct, frozen=True):
    """One nudge as its message shows it: open, answered by somebody, or settled since its reason is gone."""

    nudge_id: int
    public_id: str
    ordinal: int
    rule: NudgeRule | Digest
    step_id: str
    counted_on: date
    answer: Answer | None = None
    is_settled: bool = False


class Parcel(Struct, frozen=True):
    """What one message says: every nudge of one contract that is due together, with the contract as it stands now."""

    outlook: Outlook
    nudges: tuple[DueNudge, ...]
    calls: tuple[str, ...] = ()
    """the people whom it calls by name"""
    urgency: Called = Called.NOBODY


class Previews(TypedDict):
    unfurl_links: bool
    unfurl_media: bool


NO_PREVIEWS: Previews = {"unfurl_links": False, "unfurl_media": False}
"""What a name or a note links to must not unfold, nor a source beside its answer."""


class Message(Struct, frozen=True, dict=True):
    """A Slack message: `text` is what notifications and screen readers say, `blocks` is what is shown."""

    text: str
    blocks: Sequence[dict[str, Any]]

    @cached_property
    def as_answer(self) -> str:
        """The body of an answer to one of Slack's requests, without previews; written once."""
        return json.dumps({"text": self.text, "blocks": self.blocks, **NO_PREVIEWS}, ensure_ascii=False)


Renderer = Callable[[Parcel], Message]


class GivenUp(Struct, frozen=True):
    """Nudges of one contract that we stopped trying to deliver, and why."""

    reason: str
    parcel: Parcel


Teller = Callable[[GivenUp], Awaitable[None]]
"""Shows people what was given up. Called once, and not again when it fails."""


class Outcome(StrEnum):
    SENT = "sent"
    """Slack accepted the message."""
    CHANNEL_BUSY = "channel_busy"
    """Slack has not posted it and wants this channel slower."""
    NOT_SENT = "not_sent"
    """Slack certainly has not posted it, and may later."""
    WORKSPACE_CLOSED = "workspace_closed"
    """Slack does not take our token: nothing can be posted in this workspace until somebody installs us again."""
    IMPOSSIBLE = "impossible"
    """Slack has not posted it and never will: the channel is gone, or the message is malformed."""
    UNKNOWN = "unknown"
    """Nobody can say whether it was posted."""
    STALE = "stale"
    """We did not ask Slack at all: so much time went by since the mark that somebody else may be at it."""


class Delivery(Struct, frozen=True):
    outcome: Outcome
    message_ts: str | None = None
    error: str = ""
    retry_after: timedelta | None = None


class CannotReadBack(Exception):
    """The channel's history may not be read, so an unknown outcome stays unknown."""


class ReadBackLater(Exception):
    """The history could not be read just now."""


class WorkspaceClosed(Exception):
    """Slack does not take our token, so that nothing can be read or posted until somebody installs us again."""


class IsStale(Exception):
    """The moment until which a message might be sent has passed."""


class Courier(Protocol):
    """Posts into channels and looks up what was posted. Never retries by itself."""

    async def post(
        self, *, workspace_id: str, channel_id: str, public_ids: Sequence[str], message: Message, not_after: float
    ) -> Delivery:
        """One message for the nudges with these public ids; `find` finds it by each of them.

        `not_after` is on the monotonic clock: once it has passed nothing may leave, and the outcome is STALE.
        """
        ...

    async def find(
        self, *, workspace_id: str, channel_id: str, public_ids: Collection[str], since: datetime
    ) -> dict[str, str]:
        """The ts of each of these messages that is there, posted at `since` or later, by public id.

        Raises CannotReadBack, ReadBackLater or WorkspaceClosed.
        """
        ...
