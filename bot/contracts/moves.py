"""Moving through the steps: finish one, take the last change back, reopen what has to be done again."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor, Change, ChangeKind, File, check_day, open_file
from bot.contracts.refusals import (
    AlreadyDone,
    ChangedSince,
    DayTooEarly,
    NoContract,
    NotDone,
    NothingToTakeBack,
    NotYetPossible,
)
from bot.contracts.state import ContractState
from bot.office import Office
from bot.procedure.movement import depending_on, missing_before
from storage.history import history_of, rows_of_change
from storage.tables import CardStatus, ContractStatus, History, Progress, StepStatus

_ACTIVE_OR_LIVE = frozenset({ContractStatus.ACTIVE, ContractStatus.LIVE})
_CAN_BE_TAKEN_BACK = frozenset({ChangeKind.FINISHED, ChangeKind.REVIEW_REQUESTED, ChangeKind.CARD_DECIDED})
_RECENT = 60


def finish_step(
    step_id: str,
    *,
    contract_id: int,
    on: date | None = None,
    with_earlier: bool = False,
    session: Session,
    office: Office,
    actor: Actor,
) -> Change:
    """Records that a step was done, today or on the earlier day `on`.

    `with_earlier` also finishes, on the same day, the steps before it that are still open. Finishing the card
    review records every card company that is still undecided as approved.
    Raises AlreadyDone, NotYetPossible, DayInTheFuture, DayTooLongAgo or DayTooEarly.
    """
    # A contract that went live by somebody else's press is still open for the answer "it is done already".
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ACTIVE_OR_LIVE)
    day = on or file.today
    check_day(day, today=file.today)
    steps = (*_steps_before(file, step_id, with_earlier=with_earlier), step_id)
    for one in steps:
        finish_on_desk(file, one, day)
    return file.changed(ChangeKind.FINISHED, steps=steps, day=day)


def finish_on_desk(file: File, step_id: str, day: date) -> None:
    """Finishes a step of a contract that is already on the desk, card decisions included."""
    _check_order_of_days(file, step_id, day)
    row = file.progress[step_id]
    row.status, row.done_on, row.done_by, row.recorded_at = StepStatus.DONE, day, file.actor.user_id, file.now
    details: dict[str, Any] = {}
    if step_id == file.procedure.card_review_step:
        details["cards"] = _approve_what_is_open(file, day)
    file.write_history(ChangeKind.FINISHED, step_id=step_id, day=day, details=details)


class LastChange(Struct, frozen=True):
    """What 'take back' would take back now."""

    change_id: str
    rows: tuple[History, ...]
    state: ContractState


def last_change(*, contract_id: int, session: Session, office: Office, actor: Actor) -> LastChange:
    """The newest change that can be taken back. Raises NothingToTakeBack."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ACTIVE_OR_LIVE)
    rows = _newest_to_take_back(file)
    return LastChange(rows[0].change_id, rows, file.before)


def take_back(change_id: str, *, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """Undoes the last change, as if it had never been recorded; the history keeps both.

    Raises ChangedSince when `change_id` is not the last change any more, NothingToTakeBack when there is none.
    """
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ACTIVE_OR_LIVE)
    rows = _newest_to_take_back(file)
    if rows[0].change_id != change_id:
        raise ChangedSince
    for row in reversed(rows):
        _undo(file, row)
    file.write_history(ChangeKind.TAKEN_BACK, step_id=rows[-1].step_id, details={"change_id": change_id})
    return file.changed(
        ChangeKind.TAKEN_BACK,
        steps=tuple(row.step_id for row in rows if row.step_id),
        cards=tuple(row.card_id for row in rows if row.card_id),
    )


def reopen_step(step_id: str, *, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """A finished step has to be done again, and with it every finished step that builds on it. Raises NotDone."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ACTIVE_OR_LIVE)
    if step_id not in file.progress:
        raise NoContract
    if file.progress[step_id].status != StepStatus.DONE:
        raise NotDone(file.procedure.step(step_id))
    reopened = steps_to_reopen(file.before, step_id)
    for one in reopened:
        row = file.progress[one]
        _undo_progress(row)
        row.entry += 1
        file.write_history(ChangeKind.REOPENED, step_id=one, day=file.today)
    return file.changed(ChangeKind.REOPENED, steps=reopened)


def steps_to_reopen(state: ContractState, step_id: str) -> tuple[str, ...]:
    """The step itself and the finished steps that build on it."""
    later = depending_on(state.procedure, step_id)
    return (step_id, *(one for one in later if state.step(one).is_done))


def _steps_before(file: File, step_id: str, *, with_earlier: bool) -> tuple[str, ...]:
    try:
        step = file.procedure.step(step_id)
    except KeyError:
        raise NoContract from None
    row = file.progress[step_id]
    if row.status == StepStatus.DONE:
        raise AlreadyDone(step, by=row.done_by, on=row.done_on)
    missing = missing_before(file.procedure, step_id, done=file.done_days)
    if missing and not with_earlier:
        raise NotYetPossible(step, tuple(file.procedure.step(one) for one in missing))
    return missing


def _check_order_of_days(file: File, step_id: str, day: date) -> None:
    for earlier in file.procedure.step(step_id).starts_after:
        earliest = file.done_days.get(earlier)
        if earliest and day < earliest:
            raise DayTooEarly(day, file.procedure.step(earlier), earliest)


def _approve_what_is_open(file: File, day: date) -> dict[str, Any]:
    before: dict[str, Any] = {}
    for card_id, row in file.cards.items():
        if row.status in {CardStatus.APPROVED, CardStatus.NOT_WANTED}:
            continue
        before[card_id] = card_as_it_was(row)
        row.status, row.decided_on, row.reason = CardStatus.APPROVED, day, ""
        row.recorded_by, row.recorded_at = file.actor.user_id, file.now
    return before


def card_as_it_was(row: Any) -> dict[str, Any]:
    """What `take_back` needs to put a card review back, in a shape that JSON can hold."""
    return {
        "status": row.status,
        "requested_on": row.requested_on.isoformat() if row.requested_on else None,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
        "reason": row.reason,
    }


def _newest_to_take_back(file: File) -> tuple[History, ...]:
    assert file.contract.id is not None
    where = {"session": file.session, "workspace_id": file.contract.workspace_id, "contract_id": file.contract.id}
    taken_back: set[str] = set()
    for row in history_of(**where, limit=_RECENT):  # type: ignore[arg-type]
        if row.kind == ChangeKind.TAKEN_BACK:
            taken_back.add(row.details["change_id"])
        elif row.kind == ChangeKind.REOPENED:
            break  # what was recorded before the step was begun anew belongs to the past
        elif row.kind in _CAN_BE_TAKEN_BACK and row.change_id not in taken_back:
            return tuple(rows_of_change(**where, change_id=row.change_id))  # type: ignore[arg-type]
    raise NothingToTakeBack


def _undo(file: File, row: History) -> None:
    for card_id, was in row.details.get("cards", {}).items():
        _put_card_back(file, card_id, was)
    if row.kind == ChangeKind.FINISHED and row.step_id:
        _undo_progress(file.progress[row.step_id])


def _undo_progress(row: Progress) -> None:
    row.status, row.done_on, row.done_by, row.recorded_at = StepStatus.WAITING, None, None, None


def _put_card_back(file: File, card_id: str, was: dict[str, Any]) -> None:
    card = file.cards[card_id]
    card.status, card.reason = was["status"], was["reason"]
    card.requested_on = date.fromisoformat(was["requested_on"]) if was["requested_on"] else None
    card.decided_on = date.fromisoformat(was["decided_on"]) if was["decided_on"] else None
    card.recorded_by, card.recorded_at = file.actor.user_id, file.now
