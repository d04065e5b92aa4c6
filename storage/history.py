"""What happened to a contract: written once, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import History


def history_of(
    *,
    session: Session,
    workspace_id: str,
    contract_id: int,
    before: int | None = None,
    after: int | None = None,
    limit: int = 20,
) -> list[History]:
    """The newest rows first; `before` is the id of the oldest row already shown.

    With `after`, the id of the newest row already shown, it is those that came next after it.
    """
    if after is not None:
        later = _of_contract(workspace_id, contract_id).where(col(History.id) > after)
        return list(session.execute(later.order_by(col(History.id)).limit(limit)).scalars())[::-1]
    rows = _of_contract(workspace_id, contract_id).order_by(col(History.id).desc()).limit(limit)
    if before is not None:
        rows = rows.where(col(History.id) < before)
    return list(session.execute(rows).scalars())


def rows_of_change(*, session: Session, workspace_id: str, contract_id: int, change_id: str) -> list[History]:
    rows = _of_contract(workspace_id, contract_id).where(col(History.change_id) == change_id).order_by(col(History.id))
    return list(session.execute(rows).scalars())


def last_change_of_step(*, session: Session, workspace_id: str, contract_id: int, step_id: str) -> datetime | None:
    """When somebody last did anything to this step."""
    newest = _of_contract(workspace_id, contract_id).where(col(History.step_id) == step_id)
    row = session.execute(newest.order_by(col(History.id).desc()).limit(1)).scalar_one_or_none()
    return row.at if row else None


def _of_contract(workspace_id: str, contract_id: int):  # type: ignore[no-untyped-def]
    return select(History).where(col(History.workspace_id) == workspace_id, col(History.contract_id) == contract_id)
