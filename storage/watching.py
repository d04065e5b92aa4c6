"""Which active contracts have nothing in the ledger that will come."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from sqlalchemy import exists, literal, select
from sqlmodel import Session, col

from storage.tables import Contract, ContractStatus, Nudge, NudgeStatus


def has_open(*, session: Session, workspace_id: str, contract_id: int, digests: Collection[str]) -> bool:
    """Whether anything but a digest is open: digests come whether a contract stands still or not."""
    rows = _open_of(literal(workspace_id), literal(contract_id), digests)
    return session.execute(rows.limit(1)).first() is not None


class WatchPage(Struct, frozen=True):
    """A page of active contracts: which of them have no open nudge, and where the next page begins, if any."""

    unwatched: list[tuple[str, int]]
    last: int | None


def watch_page(*, session: Session, after: int, limit: int, digests: Collection[str]) -> WatchPage:
    """Looks at up to `limit` active contracts of all workspaces with an id above `after`; keeps to the indexes."""
    active = (
        select(col(Contract.id), col(Contract.workspace_id))
        .where(
            col(Contract.id) > after,
            col(Contract.status) == ContractStatus.ACTIVE,
            col(Contract.nudges_muted).is_(False),
        )
        .order_by(col(Contract.id))
        .limit(limit)
        .subquery()
    )
    is_watched = exists(_open_of(active.c.workspace_id, active.c.id, digests))
    rows = session.execute(select(active.c.id, active.c.workspace_id, is_watched).order_by(active.c.id)).all()
    unwatched = [(row.workspace_id, row.id) for row in rows if not row[2]]
    return WatchPage(unwatched, rows[-1].id if len(rows) == limit else None)


def _open_of(workspace_id: Any, contract_id: Any, digests: Collection[str]) -> Any:
    return select(col(Nudge.id)).where(
        col(Nudge.workspace_id) == workspace_id,
        col(Nudge.contract_id) == contract_id,
        col(Nudge.rule_id).not_in(digests),
        col(Nudge.status).in_([NudgeStatus.SCHEDULED, NudgeStatus.POSTING, NudgeStatus.UNKNOWN]),
    )
