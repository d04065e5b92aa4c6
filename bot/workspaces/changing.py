"""Changing what holds for all contracts of a workspace. What is planned moves along in the same transaction."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from bot.contracts.desk import Actor
from bot.contracts.refusals import NothingToChange, Refused
from bot.nudges.replanning import replan_workspace
from bot.office import Office
from bot.workspaces.people import Standing
from bot.workspaces.settings import WorkspaceSettings, settings_of
from storage import workspace_settings as store
from storage.contracts import move_open_contracts
from storage.tables import Workspace
from storage.workspaces import remember_workspace

MOST_SPECIAL_DAYS = 200
MOST_MANAGERS = 20
NOTE_LENGTH = 80


class NotAManager(Refused):
    """`managers` are those who may; empty when nobody has set the workspace up and this person is a guest."""

    key = "not_a_manager"

    def __init__(self, managers: tuple[str, ...]) -> None:
        super().__init__()
        self.managers = managers


class TooManyDays(Refused):
    key = "too_many_days"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"{value!r} is no time zone") from unknown
    return value


class NewSettings(BaseModel):
    """What the settings window holds. Raises pydantic's ValidationError, whose places are these names."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    zone: Annotated[str, AfterValidator(_zone)]
    opens: time
    closes: time
    nudge_at: time
    managers: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_MANAGERS)]
    language: Literal["ko", "en"] | None = None
    help_channel_id: str | None = None

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("closes", "the end must be later than the beginning")
        if not self.opens <= self.nudge_at < self.closes:
            raise PydanticCustomError("nudge_at", "reminders come within the hours")
        return self


Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE_LENGTH)]


class NewDay(BaseModel):
    """A day that is off, or worked, against the calendar. Raises pydantic's ValidationError."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    day: date
    is_off: bool = True
    note: Note = ""


def may_change(*, session: Session, actor: Actor, standing: Standing) -> None:
    """Raises NotAManager. While a workspace has no onboarding manager, whoever sets it up becomes the first."""
    managers = tuple(store.managers_of(session=session, workspace_id=actor.workspace_id))
    is_manager = standing is Standing.MEMBER and (actor.user_id in managers or not managers)
    if not is_manager and standing is not Standing.ADMIN:
        raise NotAManager(managers)


def change_settings(
    new: NewSettings, *, session: Session, office: Office, actor: Actor, standing: Standing
) -> WorkspaceSettings:
    """Raises NotAManager."""
    workspace = _open(session=session, office=office, actor=actor, standing=standing)
    workspace.zone, workspace.opens, workspace.closes, workspace.nudge_at = (
        new.zone,
        new.opens,
        new.closes,
        new.nudge_at,
    )
    workspace.language, workspace.help_channel_id = new.language, new.help_channel_id
    before = store.managers_of(session=session, workspace_id=workspace.id)
    gone = [user_id for user_id in before if user_id not in new.managers]
    where = {"session": session, "workspace_id": workspace.id}
    store.remove_managers(**where, user_ids=gone)  # type: ignore[arg-type]
    store.add_managers(**where, user_ids=new.managers, added_by=actor.user_id, now=office.now())  # type: ignore[arg-type]
    session.flush()
    move_open_contracts(**where, zone=new.zone, language=new.language)  # type: ignore[arg-type]
    replan_workspace(workspace.id, session=session, office=office)
    return settings_of(workspace.id, session=session, office=office)


def put_day(
    new: NewDay, *, session: Session, office: Office, actor: Actor, standing: Standing
) -> tuple[WorkspaceSettings, int]:
    """Returns the settings, and how many planned messages moved. Raises NotAManager or TooManyDays."""
    workspace = _open(session=session, office=office, actor=actor, standing=standing)
    before = settings_of(workspace.id, session=session, office=office)
    if len(before.special_days) >= MOST_SPECIAL_DAYS:
        raise TooManyDays
    store.put_special_day(
        session=session,
        workspace_id=workspace.id,
        day=new.day,
        is_off=new.is_off,
        note=new.note,
        entered_by=actor.user_id,
        now=office.now(),
    )
    moved = replan_workspace(workspace.id, session=session, office=office)
    return settings_of(workspace.id, session=session, office=office), moved


def remove_day(
    day: date, *, session: Session, office: Office, actor: Actor, standing: Standing
) -> tuple[WorkspaceSettings, int]:
    """Returns like `put_day`. Raises NotAManager, or NothingToChange when nothing was entered for the day."""
    workspace = _open(session=session, office=office, actor=actor, standing=standing)
    if not store.remove_special_day(session=session, workspace_id=workspace.id, day=day):
        raise NothingToChange
    moved = replan_workspace(workspace.id, session=session, office=office)
    return settings_of(workspace.id, session=session, office=office), moved


def _open(*, session: Session, office: Office, actor: Actor, standing: Standing) -> Workspace:
    """The workspace under lock, for somebody who may change it; the first who comes is its first manager."""
    now = office.now()
    remember_workspace(session=session, workspace_id=actor.workspace_id, now=now)
    workspace = store.lock_workspace(session=session, workspace_id=actor.workspace_id)
    assert workspace is not None
    may_change(session=session, actor=actor, standing=standing)
    if not store.managers_of(session=session, workspace_id=workspace.id):
        store.add_managers(
            session=session, workspace_id=workspace.id, user_ids=[actor.user_id], added_by=actor.user_id, now=now
        )
    return workspace
