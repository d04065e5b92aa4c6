"""INSERT … ON CONFLICT, which SQLAlchemy has per engine and not in general."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_for(session: Session, table: type[SQLModel]) -> Any:
    """The engine's own `insert(table)`, which has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
