"""The app comes into a workspace, and goes: what begins, and what stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from storage import installations, pauses, workspaces
from storage.erase import erase_workspace
from storage.tables import Installation, Workspace

UNINSTALLED = "uninstalled"
"""why a workspace's nudges are paused"""


@dataclass(frozen=True)
class Installed:
    """An installation as we keep it: the tokens are sealed. `workspace_id` is None for a whole organization."""

    workspace_id: str | None
    enterprise_id: str | None
    name: str
    bot_user_id: str
    bot_id: str
    scopes: tuple[str, ...]
    token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None


class LookedUp(Struct, frozen=True):
    """`is_news`: the organization's token opens a workspace that we do not know as one of its, or took for gone."""

    installation: Installation
    is_news: bool


def look_up(*, session: Session, workspace_id: str | None, enterprise_id: str | None) -> LookedUp | None:
    """The installation that serves a workspace: its own, or its organization's."""
    found = installations.find_installation(session=session, workspace_id=workspace_id, enterprise_id=enterprise_id)
    if found is None:
        return None
    if workspace_id is None or found.workspace_id is not None:
        return LookedUp(found, is_news=False)
    known = session.get(Workspace, workspace_id)
    is_news = known is None or known.enterprise_id != found.enterprise_id or known.uninstalled_at is not None
    return LookedUp(found, is_news=is_news)


def connect(what: Installed, *, session: Session, now: datetime) -> None:
    """The app was installed, for the first time or again: nudges that were stopped go on."""
    back = [what.workspace_id] if what.workspace_id is not None else []
    if what.workspace_id is None and what.enterprise_id is not None:
        back = workspaces.workspaces_through_organization(session=session, enterprise_id=what.enterprise_id)
    for workspace_id in back:
        name = what.name if what.workspace_id is not None else ""
        _come_back(session=session, workspace_id=workspace_id, now=now, name=name, enterprise_id=what.enterprise_id)
    installations.save_installation(
        session=session,
        workspace_id=what.workspace_id,
        enterprise_id=what.enterprise_id,
        bot_user_id=what.bot_user_id,
        bot_id=what.bot_id,
        scopes=what.scopes,
        token=what.token,
        refresh_token=what.refresh_token,
        expires_at=what.expires_at,
        now=now,
    )


def connect_through_organization(
    *, session: Session, workspace_id: str, enterprise_id: str | None, now: datetime
) -> None:
    """The organization has let the app into one of its workspaces."""
    _come_back(session=session, workspace_id=workspace_id, now=now, name="", enterprise_id=enterprise_id)


def connect_with_own_token(*, session: Session, workspace_id: str, name: str, now: datetime) -> None:
    """The operator's own token opens this workspace; its nudges go on, should it have been gone."""
    _come_back(session=session, workspace_id=workspace_id, now=now, name=name, enterprise_id=None)


def disconnect(
    *, session: Session, workspace_id: str | None, enterprise_id: str | None, happened_at: datetime
) -> list[str]:
    """The app was taken out of a workspace or, without one, of a whole organization; told once or many times.

    The token is deleted and nudges stop; what else is stored goes when housekeeping finds it old enough. News that
    is older than the last installation changes nothing. Returns the workspaces that it stops for.
    """
    gone = [workspace_id] if workspace_id is not None else []
    if workspace_id is None and enterprise_id is not None:
        gone = workspaces.workspaces_through_organization(session=session, enterprise_id=enterprise_id)
    installations.delete_installation(
        session=session, workspace_id=workspace_id, enterprise_id=enterprise_id, made_before=happened_at
    )
    stopped = [
        one for one in gone if workspaces.note_uninstalled(session=session, workspace_id=one, happened_at=happened_at)
    ]
    for one in stopped:
        pauses.pause(session=session, workspace_id=one, until=None, reason=UNINSTALLED)
    return stopped


def renew(
    before: Installation, *, token: str, refresh_token: str, expires_at: datetime, session: Session, now: datetime
) -> None:
    """Keeps the tokens that Slack gave for the old ones; nudges that an expired token had stopped go on."""
    assert before.id is not None
    renewed = installations.renew_token(
        session=session,
        installation_id=before.id,
        installed_at=before.installed_at,
        token=token,
        refresh_token=refresh_token,
        expires_at=expires_at,
    )
    if renewed and before.workspace_id is not None:
        pauses.resume(session=session, workspace_id=before.workspace_id, now=now)


def erase_those_gone(*, session: Session, gone_before: datetime) -> list[str]:
    """Erases everything of the workspaces that took the app out before that moment. Returns which."""
    gone = workspaces.uninstalled_before(session=session, moment=gone_before)
    for workspace_id in gone:
        erase_workspace(session=session, workspace_id=workspace_id)
    return gone


def _come_back(*, session: Session, workspace_id: str, now: datetime, name: str, enterprise_id: str | None) -> None:
    workspaces.note_installed(
        session=session, workspace_id=workspace_id, now=now, name=name, enterprise_id=enterprise_id
    )
    pauses.resume(session=session, workspace_id=workspace_id, now=now)
