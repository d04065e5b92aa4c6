"""What happened to a contract: written once, never changed."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
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
    given = {"workspace": workspace_id, "contract": contract_id, "step": step_id}
    found: datetime | None = session.execute(_last_of_step(), given).scalar_one_or_none()
    return found


@cache
def _last_of_step() -> Any:
    mine = (
        col(History.workspace_id) == bindparam("workspace"),
        col(History.contract_id) == bindparam("contract"),
        col(History.step_id) == bindparam("step"),
    )
    return select(col(History.at)).where(*mine).order_by(col(History.id).desc()).limit(1)


def _of_contract(workspace_id: str, contract_id: int):  # type: ignore[no-untyped-def]
    return select(History).where(col(History.workspace_id) == workspace_id, col(History.contract_id) == contract_id)
