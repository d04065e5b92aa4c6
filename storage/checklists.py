"""What the people of a contract have ticked off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.among import is_among
from storage.tables import ChecklistTick, Contract, ContractStatus
from storage.upsert import insert_for


def ticks_of(*, session: Session, workspace_id: str, contract_ids: Collection[int]) -> list[ChecklistTick]:
    """Everything that is known of these contracts' checklists."""
    if not contract_ids:
        return []
    rows = select(ChecklistTick).where(
        col(ChecklistTick.workspace_id) == workspace_id, col(ChecklistTick.contract_id).in_(contract_ids)
    )
    return list(session.execute(rows.order_by(col(ChecklistTick.id))).scalars())


def contracts_with_dated_papers(*, session: Session, workspace_id: str, channels: Collection[str]) -> list[int]:
    """The active contracts of these channels of which somebody has said when a paper was issued."""
    rows = (
        select(col(ChecklistTick.contract_id))
        .join(Contract, col(Contract.id) == col(ChecklistTick.contract_id))
        .where(
            col(ChecklistTick.workspace_id) == workspace_id,
            col(ChecklistTick.issued_on).is_not(None),
            is_among(col(Contract.channel_id), channels),
            col(Contract.status) == ContractStatus.ACTIVE,
        )
        .distinct()
    )
    return list(session.execute(rows).scalars())


def put_tick(
    *,
    session: Session,
    workspace_id: str,
    contract_id: int,
    item_id: str,
    ticked_by: str | None,
    ticked_at: datetime | None,
) -> None:
    """Ticks an item, or takes the tick away; the contract is the caller's, under lock."""
    what = {"ticked_by": ticked_by, "ticked_at": ticked_at}
    _put(session, workspace_id, contract_id, item_id, what)


def put_issue_date(
    *, session: Session, workspace_id: str, contract_id: int, item_id: str, issued_on: date | None
) -> None:
    """Writes down when a paper was issued; the contract is the caller's, under lock."""
    _put(session, workspace_id, contract_id, item_id, {"issued_on": issued_on})


def _put(session: Session, workspace_id: str, contract_id: int, item_id: str, what: Mapping[str, object]) -> None:
    session.execute(
        insert_for(session, ChecklistTick)
        .values(workspace_id=workspace_id, contract_id=contract_id, item_id=item_id, **what)
        .on_conflict_do_update(
            index_elements=["contract_id", "item_id"],
            set_=what,
            where=col(ChecklistTick.workspace_id) == workspace_id,
        )
    )
