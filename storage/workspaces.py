"""Workspaces: the tenants that every other row belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage.tables import Workspace


def remember_workspace(*, session: Session, workspace_id: str, name: str, now: datetime) -> Workspace:
    """The workspace's row, made when it is seen for the first time."""
    known = session.get(Workspace, workspace_id)
    if known is None:
        known = Workspace(id=workspace_id, name=name, created_at=now)
        session.add(known)
        session.flush()
    return known
