"""What somebody has reported, recorded as one change, or in the place of one that was recorded wrongly."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session

from bot.contracts import cards, moves
from bot.contracts.desk import Actor, Change
from bot.contracts.refusals import NoContract
from bot.office import Office
from storage.tables import CardStatus


class Reported(Struct, frozen=True):
    """One of three: a step is done, the card review was requested, or card companies have decided."""

    step: str | None = None
    review_requested: bool = False
    cards: tuple[str, ...] = ()
    decision: CardStatus | None = None
    day: date | None = None


def record_reported(
    reported: Reported,
    *,
    contract_id: int,
    instead_of: str | None = None,
    session: Session,
    office: Office,
    actor: Actor,
) -> Change:
    """Records it, with the earlier steps that are still open.

    `instead_of` is the last change, which is taken back first: both or neither.
    Raises what the use cases raise, and ChangedSince when `instead_of` is not the last change any more.
    """
    where: dict[str, Any] = {"contract_id": contract_id, "session": session, "office": office, "actor": actor}
    if instead_of is None:
        return _record(reported, where)
    taken_back = moves.take_back(instead_of, **where)
    return replace(_record(reported, where), before=taken_back.before)


def _record(reported: Reported, where: dict[str, Any]) -> Change:
    if reported.cards and reported.decision is not None:
        return cards.record_card_decision(reported.cards, reported.decision, on=reported.day, **where)
    if reported.review_requested:
        return cards.request_review(on=reported.day, **where)
    if reported.step is None:
        raise NoContract
    return moves.finish_step(reported.step, on=reported.day, with_earlier=True, **where)
