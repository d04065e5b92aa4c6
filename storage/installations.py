"""Who has installed the app, with which token. Tokens come and go sealed; nothing here can read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlmodel import Session, col

from storage.tables import Installation, OAuthState, Workspace
from storage.upsert import changes_one_row, insert_for


def save_installation(
    *,
    session: Session,
    workspace_id: str | None,
    enterprise_id: str | None,
    bot_user_id: str,
    bot_id: str,
    scopes: Sequence[str],
    token: str,
    refresh_token: str | None,
    expires_at: datetime | None,
    now: datetime,
) -> None:
    """Takes the place of what this workspace, or without one this organization, has installed before."""
    values = {
        "enterprise_id": enterprise_id,
        "bot_user_id": bot_user_id,
        "bot_id": bot_id,
        "scopes": list(scopes),
        "token": token,
        "refresh_token": refresh_token,
        "expires_at": expires_at,
        "refreshing_until": None,
        "installed_at": now,
    }
    where: dict[str, Any] = {"index_elements": ["workspace_id"]}
    if workspace_id is None:
        where = {"index_elements": ["enterprise_id"], "index_where": col(Installation.workspace_id).is_(None)}
    session.execute(
        insert_for(session, Installation)
        .values(workspace_id=workspace_id, **values)
        .on_conflict_do_update(**where, set_=values)
    )


def find_installation(
    *, session: Session, workspace_id: str | None, enterprise_id: str | None = None
) -> Installation | None:
    """The workspace's own installation; without one, that of its organization.

    A workspace that has left the organization's installation stays out until that is made anew.
    """
    if workspace_id is not None:
        own = _one(session, col(Installation.workspace_id) == workspace_id)
        if own is not None:
            return own
    workspace = session.get(Workspace, workspace_id) if workspace_id is not None else None
    organization = enterprise_id or (workspace.enterprise_id if workspace else None)
    if organization is None:
        return None
    found = _one(session, *_of_organization(organization))
    left_at = workspace.uninstalled_at if workspace else None
    return None if found is not None and left_at is not None and left_at >= found.installed_at else found


def installation(*, session: Session, installation_id: int) -> Installation | None:
    return session.get(Installation, installation_id)


def installations_that_expire(*, session: Session, before: datetime) -> list[Installation]:
    """Of every workspace: those whose token ends before that moment and can be refreshed."""
    rows = select(Installation).where(
        col(Installation.expires_at) < before, col(Installation.refresh_token).is_not(None)
    )
    return list(session.execute(rows).scalars())


def delete_installation(
    *, session: Session, workspace_id: str | None, enterprise_id: str | None, made_before: datetime | None = None
) -> bool:
    """Deletes the workspace's installation or, without a workspace, the organization's. False when there is none.

    `made_before` spares an installation that is younger than the news that it is gone.
    """
    whose = (
        [col(Installation.workspace_id) == workspace_id]
        if workspace_id is not None
        else _of_organization(enterprise_id or "")
    )
    if made_before is not None:
        whose.append(col(Installation.installed_at) <= made_before)
    return changes_one_row(session, delete(Installation).where(*whose))


def claim_refresh(*, session: Session, installation_id: int, now: datetime, until: datetime) -> bool:
    """Makes the caller the only one who refreshes this token until that moment.

    One conditional UPDATE: the row's lock decides between replicas, and is not held while Slack is asked.
    """
    return changes_one_row(
        session,
        update(Installation)
        .where(
            col(Installation.id) == installation_id,
            or_(col(Installation.refreshing_until).is_(None), col(Installation.refreshing_until) <= now),
        )
        .values(refreshing_until=until),
    )


def release_refresh(*, session: Session, installation_id: int, until: datetime) -> None:
    """Gives a claim back; one that somebody else has taken over by now stays."""
    session.execute(
        update(Installation)
        .where(col(Installation.id) == installation_id, col(Installation.refreshing_until) == until)
        .values(refreshing_until=None)
    )


def renew_token(
    *,
    session: Session,
    installation_id: int,
    installed_at: datetime,
    token: str,
    refresh_token: str,
    expires_at: datetime,
) -> bool:
    """Writes the tokens that Slack gave for the old ones. False when the app was installed anew meanwhile, or gone."""
    return changes_one_row(
        session,
        update(Installation)
        .where(col(Installation.id) == installation_id, col(Installation.installed_at) == installed_at)
        .values(token=token, refresh_token=refresh_token, expires_at=expires_at),
    )


def every_installation(*, session: Session) -> list[Installation]:
    """For the operator who replaces a key: of every workspace."""
    return list(session.execute(select(Installation).order_by(col(Installation.id))).scalars())


def replace_sealed(*, session: Session, before: Installation, token: str, refresh_token: str | None) -> bool:
    """The same tokens, sealed anew. False when they were refreshed meanwhile: those are sealed anew already."""
    return changes_one_row(
        session,
        update(Installation)
        .where(col(Installation.id) == before.id, col(Installation.token) == before.token)
        .values(token=token, refresh_token=refresh_token),
    )


def issue_state(*, session: Session, state_hash: str, now: datetime, lifetime: timedelta) -> None:
    """Keeps a state until it comes back, and lets go of those that never came."""
    session.execute(delete(OAuthState).where(col(OAuthState.expires_at) <= now))
    session.add(OAuthState(state_hash=state_hash, expires_at=now + lifetime))


def take_state(*, session: Session, state_hash: str, now: datetime) -> bool:
    """Whether this state was issued, is not too old and has not been taken before."""
    return changes_one_row(
        session,
        delete(OAuthState).where(col(OAuthState.state_hash) == state_hash, col(OAuthState.expires_at) > now),
    )


def _of_organization(enterprise_id: str) -> list[ColumnElement[bool]]:
    return [col(Installation.workspace_id).is_(None), col(Installation.enterprise_id) == enterprise_id]


def _one(session: Session, *where: ColumnElement[bool]) -> Installation | None:
    return session.execute(select(Installation).where(*where)).scalar_one_or_none()
