"""What people answer to a nudge, and what they may expect next. Every answer counts as a reaction."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor, ChangeKind, File, open_file
from bot.contracts.reading import contract_by_id
from bot.contracts.refusals import NoContract, NothingToChange
from bot.contracts.state import ContractState
from bot.nudges import planning, rules
from bot.nudges.delivery import AnswerKind
from bot.nudges.parcels import PostedParcel, posted_parcel
from bot.office import Office
from bot.procedure.model import Step
from bot.procedure.reminders import Digest, NudgeRule
from storage import nudges as ledger
from storage.tables import ContractStatus, Nudge, NudgeStatus


class Upcoming(Struct, frozen=True):
    """A reminder that is planned, and the day since which what it is about waits."""

    rule: NudgeRule | Digest
    step: Step
    counted_on: date
    due_at: datetime
    snoozed: bool


def snooze_until_tomorrow(
    nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor
) -> PostedParcel:
    """The same reminder once more on the next business morning; the rule's rhythm stays as it is.

    Returns the message with its answer. Raises NoContract, or NothingToChange when the reason of the nudge is gone.
    """
    file, row = _find(nudge_id, contract_id, session=session, office=office, actor=actor)
    until = file.calendar.next_morning(file.now)
    if not planning.snooze(file.before, row, session=session, calendar=file.calendar, until=until):
        raise NothingToChange
    file.write_history(ChangeKind.SNOOZED, step_id=row.step_id, day=file.calendar.day_of(until))
    return _answered(row, AnswerKind.TOMORROW, file, office=office)


def answer_not_yet(nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor) -> PostedParcel:
    """Somebody looked, and it has not happened yet: the rule goes on in its rhythm. Raises like `snooze…`."""
    return _answer(nudge_id, AnswerKind.NOT_YET, contract_id, session=session, office=office, actor=actor)


def answer_understood(
    nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor
) -> PostedParcel:
    """Somebody has read what there is nothing to answer to. Raises like `snooze…`."""
    return _answer(nudge_id, AnswerKind.UNDERSTOOD, contract_id, session=session, office=office, actor=actor)


def note_look(nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor) -> None:
    """Somebody opened the window in which the nudge is settled: a reaction, whatever they do there."""
    file, row = _find(nudge_id, contract_id, session=session, office=office, actor=actor)
    if row.answer is None:
        _write_answer(row, AnswerKind.LOOKED, file)


def upcoming(
    contract_id: int, *, session: Session, office: Office, actor: Actor
) -> tuple[ContractState, list[Upcoming]]:
    """The reminders that are planned for a contract, the next one first. Raises NoContract."""
    state = contract_by_id(contract_id, session=session, office=office, actor=actor)
    rows = ledger.nudges_of_contract(session=session, workspace_id=actor.workspace_id, contract_id=contract_id)
    coming = [
        Upcoming(rule, state.procedure.step(row.step_id), row.counted_on, row.due_at, row.snoozed)
        for row in rows
        if row.status == NudgeStatus.SCHEDULED and (rule := state.procedure.nudge_rule(row.rule_id)) is not None
    ]
    return state, sorted(coming, key=lambda one: one.due_at)


def _answer(
    nudge_id: int, kind: AnswerKind, contract_id: int, *, session: Session, office: Office, actor: Actor
) -> PostedParcel:
    file, row = _find(nudge_id, contract_id, session=session, office=office, actor=actor)
    if rules.reason_for(file.before, row) is None:
        raise NothingToChange
    file.write_history(ChangeKind.NUDGE_ANSWERED, step_id=row.step_id, day=file.today)
    return _answered(row, kind, file, office=office)


def _answered(row: Nudge, kind: AnswerKind, file: File, *, office: Office) -> PostedParcel:
    _write_answer(row, kind, file)
    file.session.flush()
    assert row.message_ts is not None
    return posted_parcel(file.before, row.message_ts, session=file.session, office=office)


def _write_answer(row: Nudge, kind: AnswerKind, file: File) -> None:
    row.answer, row.answered_by, row.answered_at = kind, file.actor.user_id, file.now


def _find(nudge_id: int, contract_id: int, *, session: Session, office: Office, actor: Actor) -> tuple[File, Nudge]:
    """Raises NoContract, also for a row that was never posted: nobody can have pressed a button of it."""
    allowed = frozenset({ContractStatus.ACTIVE, ContractStatus.LIVE})
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=allowed)
    row = ledger.find_nudge(
        session=session, workspace_id=actor.workspace_id, nudge_id=nudge_id, channels=actor.channels
    )
    if row is None or row.contract_id != contract_id or row.message_ts is None:
        raise NoContract
    if file.procedure.nudge_rule(row.rule_id) is None:
        raise NothingToChange
    return file, row
