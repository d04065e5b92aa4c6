"""Contracts as read at one moment: one statement, one text a contract, what belongs to it nested within.

To read a status is the hottest path. A graph of objects costs twice the time of columns, a second and a third statement
once more each, and to put a statement together costs more than to run it: so every statement is made once. A text that
was read before gives the same snapshot, and what was made of that need not be made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar
from typing import cast as taken_as

from msgspec import Struct
from sqlalchemy import JSON, Boolean, Column, ColumnElement, Date, Select, Text, Time, cast, func, select
from sqlmodel import Session, SQLModel, col

from storage.columns import UtcDateTime, moment_of
from storage.driven import rows_of
from storage.tables import CardReview, Contract, Progress, SpecialDay, Workspace
from storage.upsert import engine_of, plain
from storage.workspace_settings import Working

Where = Callable[[], Sequence[ColumnElement[bool]]]
"""Which contracts, in terms of `Contract` and of bound parameters: a function that stands for one statement."""

Shape = TypeVar("Shape", bound=tuple[Any, ...])


class _Json(NamedTuple):
    """What the engines call the functions that make JSON."""

    array_of_rows: str
    array: str
    within: str
    """takes JSON as JSON into other JSON, not as a text"""


_JSON = {
    "sqlite": _Json("json_group_array", "json_array", "json"),
    "postgresql": _Json("json_agg", "json_build_array", "to_json"),
}

_KEPT = 512
"""Snapshots, of some ten kilobytes each."""


class Snapshot(Struct, frozen=True, eq=False):
    """One contract as read at one moment: rows that have the attributes of their tables, and cannot be written."""

    contract: Contract
    progress: Sequence[Progress]
    cards: Sequence[CardReview]
    working: Working
    """when its workspace works"""


def read_snapshots(where: Where, *, session: Session, **parameters: Any) -> list[Snapshot]:
    """Those contracts, oldest first."""
    statement = _statement(where, engine_of(session))
    return [_snapshot(written) for (written,) in rows_of(session, statement, parameters)]


@cache
def _statement(where: Where, dialect: str) -> Select[Any]:
    json_of = _JSON[dialect]
    written = _made_by(
        json_of.array,
        *(_written(column, json_of) for column in plain(Contract).columns),
        *(col(getattr(Workspace, hours)) for hours in _Hours._fields),
        _nested(Progress, _Step, col(Progress.contract_id) == col(Contract.id), json_of),
        _nested(CardReview, _Card, col(CardReview.contract_id) == col(Contract.id), json_of),
        _nested(SpecialDay, _Day, col(SpecialDay.workspace_id) == col(Contract.workspace_id), json_of),
    )
    return (
        select(cast(written, Text))
        .select_from(Contract)
        .join(Workspace, col(Workspace.id) == col(Contract.workspace_id))
        .where(*where())
        .order_by(col(Contract.id))
    )


def _written(column: Column[Any], json_of: _Json) -> ColumnElement[Any]:
    return _made_by(json_of.within, column) if isinstance(column.type, JSON) else column


def _made_by(function: str, *arguments: Any) -> ColumnElement[Any]:
    made: ColumnElement[Any] = getattr(func, function)(*arguments)
    return made


def _nested(table: Any, shape: type[tuple[Any, ...]], mine: ColumnElement[bool], json_of: _Json) -> ColumnElement[Any]:
    """Rows of another table, an array of arrays; NULL, or an empty array, where there are none."""
    columns = [getattr(table, field) for field in shape._fields]  # type: ignore[attr-defined]
    rows = select(_made_by(json_of.array_of_rows, _made_by(json_of.array, *columns))).where(mine)
    return _made_by(json_of.within, rows.scalar_subquery())


class _Hours(NamedTuple):
    opens: time | None
    closes: time | None
    nudge_at: time | None


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
def _snapshot(written: str) -> Snapshot:
    names = tuple(plain(Contract).columns.keys())
    row = json.loads(written)
    own, hours, (steps, cards, days) = row[: len(names)], row[len(names) : -3], row[-3:]
    return Snapshot(
        taken_as("Contract", SimpleNamespace(**dict(zip(names, _read(own, Contract, names), strict=True)))),
        taken_as("list[Progress]", _rows(steps, Progress, _Step)),
        taken_as("list[CardReview]", _rows(cards, CardReview, _Card)),
        Working(
            taken_as("Workspace", _Hours(*_read(hours, Workspace, _Hours._fields))),
            taken_as("list[SpecialDay]", _rows(days, SpecialDay, _Day)),
        ),
    )


def _rows(rows: list[list[Any]] | None, table: type[SQLModel], shape: type[Shape]) -> list[Shape]:
    return [shape(*_read(row, table, shape._fields)) for row in rows or ()]  # type: ignore[attr-defined]


def _read(row: Sequence[Any], table: type[SQLModel], names: tuple[str, ...]) -> Iterator[Any]:
    """JSON knows neither dates nor moments, and SQLite no truth."""
    readers = _readers(table, names)
    return (None if value is None else reader(value) for value, reader in zip(row, readers, strict=True))


@cache
def _readers(table: type[SQLModel], names: tuple[str, ...]) -> tuple[Callable[[Any], Any], ...]:
    columns = plain(table).columns
    return tuple(_READERS.get(type(columns[name].type), _as_it_is) for name in names)


def _as_it_is(value: Any) -> Any:
    return value


_READERS: Mapping[type[Any], Callable[[Any], Any]] = {
    Boolean: bool,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
    UtcDateTime: moment_of,
}
