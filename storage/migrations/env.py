"""Run by Alembic with a connection that `storage.migrate` opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from storage.partial_index import tell_postgresql


def as_plain_string(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """SQLModel's own string type, written down as SQLAlchemy's, so that a migration needs no import of ours."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    tell_postgresql(SQLModel.metadata)
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_item=as_plain_string,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
