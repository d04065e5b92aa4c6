"""The card review: asking for it, and what each card company decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.contracts.desk import Actor, Change, ChangeKind, File, check_day, open_file
from bot.contracts.moves import card_as_it_was, finish_on_desk
from bot.contracts.refusals import AlreadyDone, NothingToChange, NotYetPossible, UnknownCard
from bot.office import Office
from bot.procedure.movement import missing_before
from storage.tables import CardReview, CardStatus, StepStatus

_REQUESTABLE = frozenset({CardStatus.NOT_REQUESTED, CardStatus.REJECTED})
_WISHES = frozenset({CardStatus.NOT_REQUESTED, CardStatus.NOT_WANTED})
"""What the merchant decides, not the card company."""


def request_review(
    *, contract_id: int, on: date | None = None, session: Session, office: Office, actor: Actor
) -> Change:
    """The team asked the PG for the review: every wanted card company that is not in review yet now is.

    Raises NotYetPossible while the contract or the window is not ready, NothingToChange when all are in review.
    """
    file = _file(contract_id, session=session, office=office, actor=actor)
    day = on or file.today
    check_day(day, today=file.today)
    requested = [row for row in file.cards.values() if row.status in _REQUESTABLE]
    if not requested:
        raise NothingToChange
    details = {row.card_id: card_as_it_was(row) for row in requested}
    for row in requested:
        _put(file, row, CardStatus.IN_REVIEW, requested_on=day)
    file.write_history(
        ChangeKind.REVIEW_REQUESTED,
        step_id=file.procedure.card_review_step,
        day=day,
        details={"cards": details},
    )
    return file.changed(ChangeKind.REVIEW_REQUESTED, cards=tuple(details), day=day)


def record_card_decision(
    card_ids: Collection[str],
    decision: CardStatus,
    *,
    contract_id: int,
    on: date | None = None,
    reason: str = "",
    session: Session,
    office: Office,
    actor: Actor,
) -> Change:
    """Records the same decision of one or more card companies, with its reason."""
    return _record(
        dict.fromkeys(card_ids, (decision, reason)),
        contract_id=contract_id,
        on=on,
        session=session,
        office=office,
        actor=actor,
    )


def record_board(
    decisions: Mapping[str, CardStatus],
    *,
    contract_id: int,
    on: date | None = None,
    session: Session,
    office: Office,
    actor: Actor,
) -> Change:
    """Records what several card companies decided, each its own, as one change.

    Which of them the merchant wants at all can be said from the contract's first day on; decisions have to wait for
    the card review. The last approval ends the review, and with it the contract's way to live payments.
    Raises UnknownCard, NotYetPossible, DayInTheFuture, DayTooLongAgo, or NothingToChange when all stand like that.
    """
    return _record(
        {card_id: (decision, None) for card_id, decision in decisions.items()},
        contract_id=contract_id,
        on=on,
        session=session,
        office=office,
        actor=actor,
    )


def note_rejections(
    reasons: Mapping[str, str], *, contract_id: int, session: Session, office: Office, actor: Actor
) -> Change:
    """Writes down why card companies rejected, by card. Raises UnknownCard for one that has not, NothingToChange."""
    file = _file(contract_id, session=session, office=office, actor=actor)
    if any(card_id not in file.cards or file.cards[card_id].status != CardStatus.REJECTED for card_id in reasons):
        raise UnknownCard
    changed = [file.cards[card_id] for card_id in file.cards if reasons.get(card_id, "") != ""]
    changed = [row for row in changed if row.reason != reasons[row.card_id]]
    if not changed:
        raise NothingToChange
    for row in changed:
        _decide(file, row, CardStatus.REJECTED, row.decided_on or file.today, reasons[row.card_id])
    explained = tuple(row.card_id for row in changed)
    return file.changed(ChangeKind.CARD_DECIDED, cards=explained, day=changed[0].decided_on, explains=True)


def _record(
    wanted: Mapping[str, tuple[CardStatus, str | None]],
    *,
    contract_id: int,
    on: date | None,
    session: Session,
    office: Office,
    actor: Actor,
) -> Change:
    """A reason of None is no reason to record the same decision again."""
    only_wishes = all(decision in _WISHES for decision, _ in wanted.values())
    file = _file(contract_id, early=only_wishes, session=session, office=office, actor=actor)
    day = on or file.today
    check_day(day, today=file.today)
    if not set(wanted) <= set(file.cards):
        raise UnknownCard
    changed = [row for card_id, row in file.cards.items() if card_id in wanted and _differs(row, *wanted[card_id])]
    if not changed:
        raise NothingToChange
    for row in changed:
        decision, reason = wanted[row.card_id]
        _decide(file, row, decision, day, reason or "")
    _finish_when_all_are_approved(file)
    return file.changed(ChangeKind.CARD_DECIDED, cards=tuple(row.card_id for row in changed), day=day)


def _differs(row: CardReview, decision: CardStatus, reason: str | None) -> bool:
    return row.status != decision or (reason is not None and row.reason != reason)


def _file(contract_id: int, *, early: bool = False, session: Session, office: Office, actor: Actor) -> File:
    """`early` also takes a contract whose review is still to come."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    step_id = file.procedure.card_review_step
    step, row = file.procedure.step(step_id), file.progress[step_id]
    if row.status == StepStatus.DONE:
        raise AlreadyDone(step, by=row.done_by, on=row.done_on)
    missing = missing_before(file.procedure, step_id, done=file.done_days)
    if missing and not early:
        raise NotYetPossible(step, tuple(file.procedure.step(one) for one in missing))
    return file


def _decide(file: File, row: CardReview, decision: CardStatus, day: date, reason: str) -> None:
    was = card_as_it_was(row)
    if decision is CardStatus.IN_REVIEW:
        _put(file, row, decision, requested_on=day)
    elif decision is CardStatus.NOT_REQUESTED:
        _put(file, row, decision, requested_on=None)
    else:
        _put(file, row, decision, requested_on=row.requested_on, decided_on=day, reason=reason)
    file.write_history(
        ChangeKind.CARD_DECIDED,
        step_id=file.procedure.card_review_step,
        card_id=row.card_id,
        day=day,
        details={"decision": decision, "reason": reason, "cards": {row.card_id: was}},
    )


def _put(
    file: File,
    row: CardReview,
    status: CardStatus,
    *,
    requested_on: date | None,
    decided_on: date | None = None,
    reason: str = "",
) -> None:
    row.status, row.requested_on, row.decided_on, row.reason = status, requested_on, decided_on, reason
    row.recorded_by, row.recorded_at = file.actor.user_id, file.now


def _finish_when_all_are_approved(file: File) -> None:
    wanted = [row for row in file.cards.values() if row.status != CardStatus.NOT_WANTED]
    if wanted and all(row.status == CardStatus.APPROVED for row in wanted):
        days = [row.decided_on for row in wanted if row.decided_on]
        finish_on_desk(file, file.procedure.card_review_step, max(days))
