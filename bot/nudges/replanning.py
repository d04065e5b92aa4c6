"""A workspace has changed its hours or its days: what is planned for its contracts moves along."""

from __future__ import annotations

from sqlmodel import Session

from bot.contracts.reading import state_of
from bot.nudges import planning
from bot.office import Office
from storage.contracts import read_open_contracts
from storage.planning import nudges_of_open_contracts
from storage.tables import Nudge


def replan_workspace(workspace_id: str, *, session: Session, office: Office) -> int:
    """Moves every planned message of the workspace to where the calendar now puts it. Returns how many moved."""
    rows: dict[int, list[Nudge]] = {}
    for row in nudges_of_open_contracts(session=session, workspace_id=workspace_id):
        rows.setdefault(row.contract_id, []).append(row)
    moved = 0
    for snapshot in read_open_contracts(session=session, workspace_id=workspace_id):
        if snapshot.contract.procedure_id not in office.procedures:
            continue
        state = state_of(snapshot, office=office)
        calendar = office.calendar_of(state)
        moved += planning.replan(state, rows.get(state.id, []), session=session, calendar=calendar, now=office.now())
    return moved
