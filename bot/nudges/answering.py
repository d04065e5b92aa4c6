"""What people answer to a nudge: not yet, or remind me tomorrow. And what they may expect next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.contracts.desk import Actor, ChangeKind, File, open_file
from bot.contracts.reading import contract_by_id
from bot.contracts.refusals import NoContract, NothingToChange
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.office import Office
from bot.procedure.model import NudgeRule, Step
from storage import nudges as ledger
from storage.tables import Nudge, NudgeStatus


@dataclass(frozen=True)
class NudgeAnswer:
    """`next_at` is when the next reminder of this kind is due; None when there is none to come."""

    state: ContractState
    rule: NudgeRule
    step: Step
    next_at: datetime | None


@dataclass(frozen=True)
class Upcoming:
    rule: NudgeRule
    due_at: datetime
    snoozed: bool


def snooze_until_tomorrow(
    nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor
) -> NudgeAnswer:
    """The same reminder once more on the next business morning; the rule's rhythm stays as it is.

    Raises NoContract, or NothingToChange when the reason of the nudge is gone.
    """
    file, row, rule = _find(nudge_id, contract_id, session=session, office=office, actor=actor)
    until = file.calendar.next_morning(file.now)
    if not rules.snooze(file.before, row, session=session, until=until):
        raise NothingToChange
    file.write_history(ChangeKind.SNOOZED, step_id=row.step_id, day=file.calendar.day_of(until))
    return NudgeAnswer(file.before, rule, file.procedure.step(row.step_id), until)


def answer_not_yet(nudge_id: int, *, contract_id: int, session: Session, office: Office, actor: Actor) -> NudgeAnswer:
    """Somebody looked, and it has not happened yet: the rule goes on in its rhythm. Raises like `snooze…`."""
    file, row, rule = _find(nudge_id, contract_id, session=session, office=office, actor=actor)
    if rules.reason_for(file.before, rule_id=row.rule_id, entry=row.entry) is None:
        raise NothingToChange
    file.write_history(ChangeKind.NUDGE_ANSWERED, step_id=row.step_id, day=file.today)
    coming = [one for one in _rows(file) if one.status == NudgeStatus.SCHEDULED and one.rule_id == row.rule_id]
    next_at = coming[-1].due_at if coming else None
    return NudgeAnswer(file.before, rule, file.procedure.step(row.step_id), next_at)


def upcoming(
    contract_id: int, *, session: Session, office: Office, actor: Actor
) -> tuple[ContractState, list[Upcoming]]:
    """The reminders that are planned for a contract, the next one first. Raises NoContract."""
    state = contract_by_id(contract_id, session=session, office=office, actor=actor)
    rows = ledger.nudges_of_contract(session=session, workspace_id=actor.workspace_id, contract_id=contract_id)
    known = {rule.id: rule for step in state.procedure.steps for rule in step.nudges}
    coming = [
        Upcoming(known[row.rule_id], row.due_at, row.snoozed)
        for row in rows
        if row.status == NudgeStatus.SCHEDULED and row.rule_id in known
    ]
    return state, sorted(coming, key=lambda one: one.due_at)


@dataclass(frozen=True)
class Settled:
    """A nudge that was posted, and whose reason is gone: its message has to say so."""

    nudge_id: int
    channel_id: str
    message_ts: str
    rule: NudgeRule


def take_settled(state: ContractState, *, session: Session) -> list[Settled]:
    """The posted nudges of a contract whose reason is gone. Each is handed out once."""
    found = []
    rows = ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
    for row in rows:
        rule = rule_of(state, row.rule_id)
        if row.status != NudgeStatus.SENT or row.closed_reason is not None or row.message_ts is None or rule is None:
            continue
        if rules.reason_for(state, rule_id=row.rule_id, entry=row.entry) is None:
            row.closed_reason = rules.REASON_GONE
            found.append(Settled(row.id or 0, row.channel_id, row.message_ts, rule))
    return found


def rule_of(state: ContractState, rule_id: str) -> NudgeRule | None:
    return next((rule for step in state.procedure.steps for rule in step.nudges if rule.id == rule_id), None)


def _find(
    nudge_id: int, contract_id: int, *, session: Session, office: Office, actor: Actor
) -> tuple[File, Nudge, NudgeRule]:
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    row = ledger.find_nudge(
        session=session, workspace_id=actor.workspace_id, nudge_id=nudge_id, channels=actor.channels
    )
    if row is None or row.contract_id != contract_id:
        raise NoContract
    rule = rule_of(file.before, row.rule_id)
    if rule is None:
        raise NothingToChange
    return file, row, rule


def _rows(file: File) -> list[Nudge]:
    assert file.contract.id is not None
    return ledger.nudges_of_contract(
        session=file.session, workspace_id=file.contract.workspace_id, contract_id=file.contract.id
    )
