"""Erases everything: for the local workspace's "from the beginning" and for tests."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, SQLModel

import storage.tables  # noqa: F401  (fills the metadata)


def erase_everything(*, session: Session) -> None:
    """Every row of every table, those that others point at last."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        session.execute(delete(table))
