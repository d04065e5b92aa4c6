"""Contracts as read at one moment: one statement, one row a contract, what belongs to it nested within.

To read a status is the hottest path. A graph of objects costs twice the time of columns, a second and a third statement
once more each, and to put a statement together costs more than to run it: so every statement is made once. A row that
says what one before it said gives the same snapshot, and what was made of that need not be made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from typing import cast as taken_as

from sqlalchemy import JSON, ColumnElement, Row, Select, Text, cast, func, select
from sqlmodel import Session, col

from storage.columns import moment_of
from storage.tables import CardReview, Contract, Progress, SpecialDay, Workspace
from storage.workspace_settings import Working

Where = Callable[[], Sequence[ColumnElement[bool]]]
"""Which contracts, in terms of `Contract` and of bound parameters: a function that stands for one statement."""

_NESTED = {"sqlite": ("json_group_array", "json_array"), "postgresql": ("json_agg", "json_build_array")}


_KEPT = 512
"""Snapshots, of some ten kilobytes each."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One contract as read at one moment: rows that have the attributes of their tables, and cannot be written."""

    contract: Contract
    progress: Sequence[Progress]
    cards: Sequence[CardReview]
    working: Working
    """when its workspace works"""


def read_snapshots(where: Where, *, session: Session, **parameters: Any) -> list[Snapshot]:
    """Those contracts, oldest first."""
    statement = _statement(where, session.get_bind().dialect.name)
    return [_snapshot(row) for row in session.connection().execute(statement, parameters)]


@cache
def _statement(where: Where, dialect: str) -> Select[Any]:
    return (
        select(
            *(_written(column) for column in Contract.__table__.columns),  # type: ignore[attr-defined]
            col(Workspace.opens),
            col(Workspace.closes),
            col(Workspace.nudge_at),
            _nested(dialect, "steps", Progress, _Step, col(Progress.contract_id) == col(Contract.id)),
            _nested(dialect, "cards", CardReview, _Card, col(CardReview.contract_id) == col(Contract.id)),
            _nested(dialect, "days", SpecialDay, _Day, col(SpecialDay.workspace_id) == col(Contract.workspace_id)),
        )
        .join(Workspace, col(Workspace.id) == col(Contract.workspace_id))
        .where(*where())
        .order_by(col(Contract.id))
    )


def _written(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON as it is written: it is read once, when a row says something new."""
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def _nested(
    dialect: str, name: str, table: Any, shape: type[tuple[Any, ...]], mine: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Rows of another table as a JSON array of arrays; NULL, or an empty array, where there are none."""
    rows, row = _NESTED[dialect]
    columns = [getattr(table, field) for field in shape._fields]  # type: ignore[attr-defined]
    nested = select(cast(getattr(func, rows)(getattr(func, row)(*columns)), Text)).where(mine)
    return nested.scalar_subquery().label(name)


class _Step(NamedTuple):
    step_id: str
    status: str
    entry: int
    active_on: date | None
    done_on: date | None
    done_by: str | None
    recorded_at: datetime | None


class _Card(NamedTuple):
    card_id: str
    status: str
    requested_on: date | None
    decided_on: date | None
    reason: str


class _Day(NamedTuple):
    day: date
    is_off: bool


@lru_cache(maxsize=_KEPT)
def _snapshot(row: Row[Any]) -> Snapshot:
    steps = [
        _Step(step, status, entry, _day(active_on), _day(done_on), by, moment_of(at) if at is not None else None)
        for step, status, entry, active_on, done_on, by, at in _read(row.steps)
    ]
    cards = [
        _Card(card, status, _day(requested_on), _day(decided_on), reason)
        for card, status, requested_on, decided_on, reason in _read(row.cards)
    ]
    days = [_Day(date.fromisoformat(day), bool(is_off)) for day, is_off in _read(row.days)]
    contract = SimpleNamespace(**{**row._mapping, "payment_methods": _read(row.payment_methods)})
    return Snapshot(
        taken_as("Contract", contract),
        taken_as("list[Progress]", steps),
        taken_as("list[CardReview]", cards),
        Working(taken_as("Workspace", row), taken_as("list[SpecialDay]", days)),
    )


def _read(written: str | None) -> list[Any]:
    found: list[Any] = json.loads(written) if written else []
    return found


def _day(written: str | None) -> date | None:
    """JSON knows no dates."""
    return date.fromisoformat(written) if written else None
