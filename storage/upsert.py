"""INSERT … ON CONFLICT, which SQLAlchemy has per engine and not in general, and statements that change one row."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Table
from sqlmodel import Session, SQLModel


def engine_of(session: Session) -> str:
    """`sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def insert_for(session: Session, table: type[SQLModel]) -> Any:
    """The engine's own `insert(table)`, which has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_on(engine_of(session), table)


def insert_on(dialect: str, table: type[SQLModel] | Table) -> Any:
    """The same for a statement that is made before there is a session."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # a start on SQLite does not wait for it

    return postgresql.insert(table)


def plain(table: type[SQLModel]) -> Table:
    """The table itself, without the mapper: a statement of it, run by a connection, costs a third."""
    found: Table = table.__table__  # type: ignore[attr-defined]
    return found


def changes_one_row(session: Session, statement: Any) -> bool:
    """Runs an UPDATE or DELETE whose conditions say whether it may happen, and whether it did."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount == 1
