"""Erases everything, or everything of one workspace."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col

from storage.tables import Workspace


def erase_everything(*, session: Session) -> None:
    """Every row of every table, those that others point at last: the local workspace's "from the beginning".

    Not the articles: they belong to no workspace.
    """
    for table in reversed(SQLModel.metadata.sorted_tables):
        if not table.info.get("shared"):
            session.execute(delete(table))


def erase_workspace(*, session: Session, workspace_id: str) -> None:
    """Every row that carries this workspace, whatever the table, and the workspace itself."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "workspace_id" in table.columns:
            session.execute(delete(table).where(table.columns.workspace_id == workspace_id))
    session.execute(delete(Workspace).where(col(Workspace.id) == workspace_id))
