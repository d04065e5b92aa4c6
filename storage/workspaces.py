"""Workspaces: the tenants that every other row belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage.tables import Workspace
from storage.upsert import insert_for


def remember_workspace(*, session: Session, workspace_id: str, now: datetime, name: str = "") -> None:
    """Makes sure that the workspace has its row; every other row needs one."""
    if session.get(Workspace, workspace_id) is None:
        row = {"id": workspace_id, "name": name, "created_at": now}
        session.execute(insert_for(session, Workspace).values(row).on_conflict_do_nothing())
