"""Statements that every question and every status needs, run by SQLite's driver itself.

What SQLAlchemy does around one of them, which is made once and finds a row by an index, takes ten times as long as the
row (61 against 6 microseconds). SQLAlchemy runs them for a server, which is further away than that, where somebody
listens to what is executed, and where a list of values makes another statement of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

_KEPT = 256
BEGUN = "begun"
"""In a session's `info`: its connection, where there is nothing to begin any more, and nobody has to ask for it."""

Rows = Sequence[Sequence[Any]]


def rows_of(session: Session, statement: Executable, parameters: Mapping[str, Any]) -> Rows:
    """Runs a statement that was made once, with the same names of parameters each time, and fetches what it returns:
    numbers and texts as they are stored.

    Raises what SQLAlchemy raises.
    """
    connection = session.info.get(BEGUN) or session.connection()
    is_ours = connection.dialect.name == "sqlite" and not _is_listened_to(connection)
    ready = _compiled(statement, tuple(parameters), connection.dialect) if is_ours else None
    if ready is None:
        done = connection.execute(statement, parameters)
        return done.all() if done.returns_rows else ()
    return run(connection, ready.text, ready.values(parameters))


class _Ready(NamedTuple):
    text: str
    parameters: tuple[tuple[str, Any], ...]
    """their names in the order of their places, each with the value that the statement itself gives it"""
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]
    """for the places whose values are not stored as they are"""

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        values = [given.get(name, own) for name, own in self.parameters]
        for place, convert in self.converters:
            values[place] = convert(values[place])
        return values


@lru_cache(maxsize=_KEPT)
def _compiled(statement: Any, names: tuple[str, ...], dialect: Dialect) -> _Ready | None:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    assert isinstance(compiled, SQLCompiler)
    assert not {*compiled.insert_prefetch, *compiled.update_prefetch}, "a column that Python gives a value to"
    if any(bound.expanding for bound in compiled.binds.values()):
        return None
    named = {name: bound for bound, name in compiled.bind_names.items()}
    bounds = [named[name] for name in compiled.positiontup or ()]
    assert {bound.key for bound in bounds if bound.required} <= set(names), "a parameter without a value"
    converters = [bound.type.dialect_impl(dialect).bind_processor(dialect) for bound in bounds]
    return _Ready(
        str(compiled),
        tuple((bound.key, bound.effective_value) for bound in bounds),
        tuple((place, convert) for place, convert in enumerate(converters) if convert is not None),
    )


def run(connection: Connection, statement: str, values: Sequence[Any] = ()) -> Rows:
    """By SQLite's driver. Raises what SQLAlchemy raises."""
    try:
        rows: Rows = driver_of(connection).execute(statement, values).fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return rows


def driver_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _is_listened_to(connection: Connection) -> bool:
    heard = connection.dispatch
    return bool(heard.before_cursor_execute or heard.after_cursor_execute)
