"""What has to be known before something that was said can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.answers.meaning import ThreadContext
from bot.answers.replies import Offer
from bot.contracts.state import ContractState

if TYPE_CHECKING:
    from bot.contracts.moves import LastChange


class Situation(Struct, frozen=True):
    """Who asks, and about which contracts: `states` are those that the person may see here, the likeliest first."""

    language: str
    states: Sequence[ContractState] = ()
    context: ThreadContext | None = None
    person_id: str | None = None
    offered: tuple[Offer, ...] = ()
    """what we last offered to record, here and to this person, a short while ago"""
    said_at: datetime | None = None
    """when it was said, in UTC, for something that stands there already; None for this moment"""
    last_change: LastChange | None = None
    """what could be taken back; looked up only when somebody wants to"""
