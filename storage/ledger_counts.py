"""The ledger in figures, for operators."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import case, func, select, text
from sqlmodel import Session, col

from storage.nudges import UNVERIFIED
from storage.tables import Nudge, NudgeStatus


class LedgerCounts(Struct, frozen=True):
    oldest_overdue: timedelta
    """how late the oldest open row is; nothing when none is due"""
    open: int
    unknown: int
    parked: int
    """given up because nobody could say whether they were posted"""
    dead: int
    """given up for any other reason"""


def count_ledger(*, session: Session, now: datetime) -> LedgerCounts:
    """Over all workspaces. Both statements keep to a partial index, so their conditions are no parameters."""
    unknown = func.sum(case((col(Nudge.status) == NudgeStatus.UNKNOWN, 1), else_=0))
    count, doubtful, oldest = session.execute(
        select(func.count(), unknown, func.min(col(Nudge.due_at)))
        .select_from(Nudge)
        .where(col(Nudge.next_at).is_not(None))
    ).one()
    parked = func.sum(case((col(Nudge.closed_reason) == UNVERIFIED, 1), else_=0))
    given_up, unverified = session.execute(
        select(func.count(), parked).select_from(Nudge).where(text("status = 'dead'"))
    ).one()
    late = now - oldest if oldest is not None else timedelta(0)
    return LedgerCounts(
        oldest_overdue=max(late, timedelta(0)),
        open=count,
        unknown=doubtful or 0,
        parked=unverified or 0,
        dead=given_up - (unverified or 0),
    )
