"""The use case behind "remind us on Monday": the contract's next reminder moves to the moment that people name."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.contracts.desk import Actor, ChangeKind, open_file
from bot.contracts.refusals import NothingToChange
from bot.contracts.state import ContractState
from bot.nudges import planning
from bot.nudges.wishes import wanted_reminder
from bot.office import Office
from storage import nudges as ledger


def remind_at(at: datetime, *, contract_id: int, session: Session, office: Office, actor: Actor) -> ContractState:
    """Once, at `at`; the rule's rhythm goes on from there. Raises NothingToChange when no reminder is owed."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    reason = wanted_reminder(file.before)
    if reason is None or at <= file.now:
        raise NothingToChange
    rows = ledger.nudges_of_contract(session=session, workspace_id=file.contract.workspace_id, contract_id=contract_id)
    last = next((row for row in reversed(rows) if (row.rule_id, row.entry) == reason.key), None)
    if last is None or not planning.snooze(file.before, last, session=session, calendar=file.calendar, until=at):
        raise NothingToChange
    file.write_history(ChangeKind.SNOOZED, step_id=reason.step_id, day=file.calendar.day_of(at))
    return file.before
