"""What the people of a workspace have set for all of its contracts: hours, days, managers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from msgspec import Struct, field
from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage.driven import rows_of
from storage.tables import Manager, MutedPerson, SpecialDay, Workspace
from storage.upsert import insert_for, plain


class Working(Struct, frozen=True):
    """The rows that say when a workspace works; both empty where nobody has set anything."""

    workspace: Workspace | None = None
    days: list[SpecialDay] = field(default_factory=list)


def hold_settings(*, session: Session, workspace_id: str) -> None:
    """Keeps the workspace's settings as they are until the transaction ends; others may hold them, too.

    To be taken before any lock on a contract or a nudge, as `lock_workspace` is: no two writers wait in a circle.
    """
    session.execute(_held(), {"workspace": workspace_id})


@cache
def _held() -> Any:
    return select(col(Workspace.id)).where(col(Workspace.id) == bindparam("workspace")).with_for_update(read=True)


def lock_workspace(*, session: Session, workspace_id: str) -> Workspace | None:
    """The workspace, for whoever changes its settings: waits until nobody plans by them."""
    row = select(Workspace).where(col(Workspace.id) == workspace_id).with_for_update()
    return session.execute(row.execution_options(populate_existing=True)).scalar_one_or_none()


def working_of(*, session: Session, workspace_ids: Collection[str]) -> dict[str, Working]:
    """When each of these workspaces works, read at one moment."""
    found: dict[str, Working] = {}
    for workspace, day in session.execute(_working(), {"workspaces": list(workspace_ids)}):
        working = found.setdefault(workspace.id, Working(workspace))
        if day is not None:
            working.days.append(day)
    return found


@cache
def _working() -> Any:
    return (
        select(Workspace, SpecialDay)
        .join(SpecialDay, col(SpecialDay.workspace_id) == col(Workspace.id), isouter=True)
        .where(col(Workspace.id).in_(bindparam("workspaces", expanding=True)))
        .order_by(col(Workspace.id), col(SpecialDay.day))
        .execution_options(populate_existing=True)  # what this session has read before its lock may be old
    )


def managers_of(*, session: Session, workspace_id: str) -> list[str]:
    """Their user ids, the one who was first at the front."""
    rows = select(col(Manager.user_id)).where(col(Manager.workspace_id) == workspace_id).order_by(col(Manager.id))
    return list(session.execute(rows).scalars())


def add_managers(
    *, session: Session, workspace_id: str, user_ids: Collection[str], added_by: str, now: datetime
) -> None:
    for user_id in user_ids:
        row = {"workspace_id": workspace_id, "user_id": user_id, "added_by": added_by, "added_at": now}
        session.execute(insert_for(session, Manager).values(row).on_conflict_do_nothing())


def remove_managers(*, session: Session, workspace_id: str, user_ids: Collection[str]) -> None:
    mine = (col(Manager.workspace_id) == workspace_id, col(Manager.user_id).in_(user_ids))
    session.execute(delete(Manager).where(*mine))


def put_special_day(
    *, session: Session, workspace_id: str, day: date, is_off: bool, note: str, entered_by: str, now: datetime
) -> None:
    """Enters a day, or corrects what was entered for it."""
    what = {"is_off": is_off, "note": note, "entered_by": entered_by, "entered_at": now}
    session.execute(
        insert_for(session, SpecialDay)
        .values(workspace_id=workspace_id, day=day, **what)
        .on_conflict_do_update(index_elements=["workspace_id", "day"], set_=what)
    )


def remove_special_day(*, session: Session, workspace_id: str, day: date) -> bool:
    """False when there was none."""
    mine = (col(SpecialDay.workspace_id) == workspace_id, col(SpecialDay.day) == day)
    gone = session.execute(delete(SpecialDay).where(*mine).returning(col(SpecialDay.id)))
    return gone.first() is not None


def help_channel_of(*, session: Session, workspace_id: str) -> str | None:
    """Where questions go that we cannot answer; None while nobody has chosen a channel."""
    found = rows_of(session, _help_channel(), {"workspace": workspace_id})
    return next((channel_id for (channel_id,) in found), None)


@cache
def _help_channel() -> Any:
    workspace = plain(Workspace)
    return select(workspace.c.help_channel_id).where(workspace.c.id == bindparam("workspace"))


def muted_people(*, session: Session, workspace_id: str, user_ids: Collection[str]) -> set[str]:
    """Those of these people whom nobody is to call."""
    mine = (col(MutedPerson.workspace_id) == workspace_id, col(MutedPerson.user_id).in_(user_ids))
    return set(session.execute(select(col(MutedPerson.user_id)).where(*mine)).scalars())


def mute_person(*, session: Session, workspace_id: str, user_id: str, now: datetime) -> None:
    row = {"workspace_id": workspace_id, "user_id": user_id, "muted_at": now}
    session.execute(insert_for(session, MutedPerson).values(row).on_conflict_do_nothing())


def unmute_person(*, session: Session, workspace_id: str, user_id: str) -> None:
    mine = (col(MutedPerson.workspace_id) == workspace_id, col(MutedPerson.user_id) == user_id)
    session.execute(delete(MutedPerson).where(*mine))
