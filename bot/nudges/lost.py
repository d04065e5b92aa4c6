"""Nudges that were given up: what people see of them, and what they decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor, ChangeKind, File, open_file
from bot.contracts.reading import contracts_in_order
from bot.contracts.refusals import NoContract, NothingToChange
from bot.contracts.state import ContractState
from bot.nudges import planning, rules
from bot.nudges.reconciler import is_still_wanted
from bot.office import Office
from bot.procedure.reminders import Digest, NudgeRule
from storage import lost_nudges as ledger
from storage.nudges import find_nudge
from storage.tables import Nudge, NudgeStatus


class LostNudge(Struct, frozen=True):
    """A reminder that may not have arrived; `reason` as it stands in the ledger."""

    nudge_id: int
    rule: NudgeRule | Digest
    reason: str
    state: ContractState


def lost_nudges(*, session: Session, office: Office, actor: Actor) -> list[LostNudge]:
    """What was given up in the person's channels and would still help, the newest first."""
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id}
    rows = ledger.given_up_nudges(**where, channels=actor.channels)
    theirs = contracts_in_order(list({row.contract_id for row in rows}), office=office, **where)
    states = {state.id: state for state in theirs}
    return [
        LostNudge(row.id or 0, rule, row.closed_reason or "", state)
        for row in rows
        if (state := states.get(row.contract_id)) is not None
        and (rule := state.procedure.nudge_rule(row.rule_id)) is not None
        and is_still_wanted(row, state, session=session)
    ]


def send_again(
    nudge_ids: Sequence[int], *, contract_id: int, session: Session, office: Office, actor: Actor
) -> ContractState:
    """A person says that reminders did not arrive: they are owed anew, at once or at the next opening.

    Raises NoContract, or NothingToChange when somebody was quicker or their reason is gone.
    """
    file, rows = _find(nudge_ids, contract_id, session=session, office=office, actor=actor)
    due_at = file.calendar.next_open(file.now)
    held = [row for row in rows if rules.reason_for(file.before, row) is not None]
    owed = [ledger.owe_again(session=session, nudge_id=row.id or 0, due_at=due_at) for row in held]
    if not any(owed):
        raise NothingToChange
    return _settled(file, rows)


def take_as_received(
    nudge_ids: Sequence[int], *, contract_id: int, session: Session, office: Office, actor: Actor
) -> ContractState:
    """A person says that reminders have arrived: their rules go on as after any other delivery. Raises likewise."""
    file, rows = _find(nudge_ids, contract_id, session=session, office=office, actor=actor)
    taken = [ledger.take_as_received(session=session, nudge_id=row.id or 0, now=file.now) for row in rows]
    if not any(taken):
        raise NothingToChange
    return _settled(file, rows)


def _settled(file: File, rows: Sequence[Nudge]) -> ContractState:
    file.write_history(ChangeKind.NUDGE_ANSWERED, step_id=rows[0].step_id, day=file.today)
    planning.plan(file.before, session=file.session, calendar=file.calendar, now=file.now)
    return file.before


def _find(
    nudge_ids: Sequence[int], contract_id: int, *, session: Session, office: Office, actor: Actor
) -> tuple[File, list[Nudge]]:
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    found = [
        find_nudge(session=session, workspace_id=actor.workspace_id, nudge_id=one, channels=actor.channels)
        for one in nudge_ids
    ]
    mine = [row for row in found if row is not None and row.contract_id == contract_id]
    if not mine:
        raise NoContract
    lost = [row for row in mine if row.status == NudgeStatus.DEAD]
    if not lost:
        raise NothingToChange
    return file, lost
