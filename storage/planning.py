"""The ledger while nothing is on its way yet: what is owed is written down, moved and taken back."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.nudges import changed
from storage.tables import Nudge, NudgeStatus
from storage.upsert import engine_of, insert_on


def nudges_of_open_contracts(*, session: Session, workspace_id: str) -> list[Nudge]:
    """Every row of the contracts that have something planned, in the order of `nudges_of_contract`."""
    planned = select(col(Nudge.contract_id)).where(
        col(Nudge.workspace_id) == workspace_id, col(Nudge.status) == NudgeStatus.SCHEDULED
    )
    rows = (
        select(Nudge)
        .where(col(Nudge.workspace_id) == workspace_id, col(Nudge.contract_id).in_(planned))
        .order_by(col(Nudge.contract_id), col(Nudge.ordinal), col(Nudge.id))
    )
    return list(session.execute(rows).scalars())


def plan_nudge(
    *,
    session: Session,
    workspace_id: str,
    contract_id: int,
    channel_id: str,
    rule_id: str,
    step_id: str,
    entry: int,
    ordinal: int,
    counted_on: date,
    due_at: datetime,
    look_at: datetime,
    snoozed: bool = False,
) -> None:
    """Writes down that a message is owed at `due_at`, to be delivered from `look_at` on.

    A row that is open or sent stays as it is; a cancelled one is owed again.
    """
    key = f"{workspace_id}:{contract_id}:{rule_id}:{entry}:{ordinal}"
    row = {
        "workspace_id": workspace_id,
        "contract_id": contract_id,
        "channel_id": channel_id,
        "dedupe_key": key,
        "public_id": str(uuid5(NAMESPACE_URL, key)),
        "rule_id": rule_id,
        "step_id": step_id,
        "entry": entry,
        "ordinal": ordinal,
        "counted_on": counted_on,
        "due_at": due_at,
        "next_at": look_at,
        "snoozed": snoozed,
        "status": NudgeStatus.SCHEDULED,
        "attempts": 0,
        "checks": 0,
    }
    session.flush()
    session.connection().execute(_owe(engine_of(session)), row)


@cache
def _owe(dialect: str) -> Any:
    owe = insert_on(dialect, Nudge)
    again = {name: owe.excluded[name] for name in ("counted_on", "due_at", "next_at", "snoozed", "status")}
    forgotten = dict.fromkeys(("closed_reason", "claim_token", "expires_at"))
    return owe.on_conflict_do_update(
        index_elements=["dedupe_key"], set_={**again, **forgotten}, where=col(Nudge.status) == NudgeStatus.CANCELLED
    )


def move_nudge(
    *,
    session: Session,
    nudge_id: int,
    due_at: datetime,
    look_at: datetime,
    counted_on: date | None = None,
    snoozed: bool = False,
) -> bool:
    """Moves a row that has not been posted; whoever has claimed it loses it. False: it is already on its way."""
    values: dict[str, Any] = {"due_at": due_at, "next_at": look_at, "claim_token": None, "snoozed": snoozed}
    values["expires_at"] = None
    if counted_on is not None:
        values["counted_on"] = counted_on
    return changed(session, _scheduled(nudge_id).values(values))


def cancel_nudge(*, session: Session, nudge_id: int, reason: str) -> bool:
    """False: it is already on its way, or closed."""
    return changed(
        session,
        _scheduled(nudge_id).values(status=NudgeStatus.CANCELLED, closed_reason=reason, next_at=None, claim_token=None),
    )


def _scheduled(nudge_id: int) -> Any:
    return update(Nudge).where(col(Nudge.id) == nudge_id, col(Nudge.status) == NudgeStatus.SCHEDULED)
