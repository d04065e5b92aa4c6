"""What a workspace has set for all of its contracts, and what stands in where nobody has set anything."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlmodel import Session

from bot.nudges.calendar import AS_USUAL, WorkingTime
from bot.office import Office
from storage.tables import SpecialDay
from storage.workspace_settings import Working, managers_of, working_of


class WorkspaceSettings(Struct, frozen=True):
    """`language` is None while each contract keeps that of whoever started it."""

    workspace_id: str
    zone: str
    working: WorkingTime
    special_days: Sequence[SpecialDay]
    language: str | None
    help_channel_id: str | None
    managers: Sequence[str]


def settings_of(workspace_id: str, *, session: Session, office: Office) -> WorkspaceSettings:
    rows = working_of(session=session, workspace_ids=[workspace_id]).get(workspace_id, Working())
    workspace = rows.workspace
    return WorkspaceSettings(
        workspace_id=workspace_id,
        zone=(workspace and workspace.zone) or office.zone,
        working=working_time(rows),
        special_days=tuple(rows.days),
        language=workspace.language if workspace else None,
        help_channel_id=workspace.help_channel_id if workspace else None,
        managers=tuple(managers_of(session=session, workspace_id=workspace_id)),
    )


def working_time(rows: Working) -> WorkingTime:
    workspace = rows.workspace
    if workspace is None:
        return AS_USUAL
    return WorkingTime(
        opens=workspace.opens or AS_USUAL.opens,
        closes=workspace.closes or AS_USUAL.closes,
        nudge_at=workspace.nudge_at or AS_USUAL.nudge_at,
        days_off=frozenset(day.day for day in rows.days if day.is_off),
        days_on=frozenset(day.day for day in rows.days if not day.is_off),
    )
