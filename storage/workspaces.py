"""Workspaces: the tenants that every other row belongs to."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import Session, col

from storage.driven import rows_of
from storage.tables import Installation, Workspace
from storage.upsert import changes_one_row, insert_for, plain


def remember_workspace(*, session: Session, workspace_id: str, now: datetime, name: str = "") -> None:
    """Makes sure that the workspace has its row; every other row needs one."""
    if not rows_of(session, _known(), {"workspace": workspace_id}):
        row = {"id": workspace_id, "name": name, "created_at": now}
        session.execute(insert_for(session, Workspace).values(row).on_conflict_do_nothing())


@cache
def _known() -> Any:
    """Made once: it is asked before everything that is written down."""
    workspace = plain(Workspace)
    return select(workspace.c.id).where(workspace.c.id == bindparam("workspace"))


def note_installed(
    *, session: Session, workspace_id: str, now: datetime, name: str = "", enterprise_id: str | None = None
) -> None:
    """The app is in this workspace now, whatever was before."""
    remember_workspace(session=session, workspace_id=workspace_id, now=now, name=name)
    known = {key: value for key, value in (("name", name), ("enterprise_id", enterprise_id)) if value}
    session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id)
        .values(installed_at=now, uninstalled_at=None, **known)
    )


def note_uninstalled(*, session: Session, workspace_id: str, happened_at: datetime) -> bool:
    """False for news that is older than the last installation, and when it was told before."""
    return changes_one_row(
        session,
        update(Workspace)
        .where(
            col(Workspace.id) == workspace_id,
            col(Workspace.uninstalled_at).is_(None),
            or_(col(Workspace.installed_at).is_(None), col(Workspace.installed_at) <= happened_at),
        )
        .values(uninstalled_at=happened_at),
    )


def workspaces_through_organization(*, session: Session, enterprise_id: str) -> list[str]:
    """The organization's workspaces that have no installation of their own."""
    own = select(col(Installation.workspace_id)).where(col(Installation.workspace_id).is_not(None))
    rows = select(col(Workspace.id)).where(col(Workspace.enterprise_id) == enterprise_id, col(Workspace.id).not_in(own))
    return list(session.execute(rows).scalars())


def uninstalled_before(*, session: Session, moment: datetime) -> list[str]:
    """The workspaces that have been without the app since before `moment`."""
    return list(session.execute(select(col(Workspace.id)).where(col(Workspace.uninstalled_at) < moment)).scalars())
