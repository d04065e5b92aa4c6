"""Where nothing is posted for a while: a channel that Slack wants slower, a workspace that took our token back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import Session, col

from storage.columns import UtcDateTime
from storage.tables import DeliveryPause, Nudge, NudgeStatus
from storage.upsert import insert_for

WHOLE_WORKSPACE = ""


def pause(
    *, session: Session, workspace_id: str, channel_id: str = WHOLE_WORKSPACE, until: datetime | None, reason: str
) -> None:
    """Holds a channel, or with no channel a workspace, until that moment or, without one, until it is resumed.

    A pause that is there already goes on until the later of the two ends.
    """
    found = session.get(DeliveryPause, (workspace_id, channel_id))
    if found is not None and (found.until is None or (until is not None and found.until >= until)):
        return
    row = {"workspace_id": workspace_id, "channel_id": channel_id, "until": until, "reason": reason}
    session.execute(
        insert_for(session, DeliveryPause)
        .values(row)
        .on_conflict_do_update(index_elements=["workspace_id", "channel_id"], set_={"until": until, "reason": reason})
    )


def pauses_of(*, session: Session, workspaces: Collection[str], now: datetime) -> dict[tuple[str, str], DeliveryPause]:
    """The pauses that hold now, by workspace and channel."""
    rows = session.execute(_holding(), {"workspaces": list(workspaces), "now": now}).scalars()
    return {(row.workspace_id, row.channel_id): row for row in rows}


@cache
def _holding() -> Any:
    until = col(DeliveryPause.until)
    return select(DeliveryPause).where(
        col(DeliveryPause.workspace_id).in_(bindparam("workspaces", expanding=True)),
        or_(until.is_(None), until > bindparam("now", type_=UtcDateTime)),
    )


def pause_of(*, session: Session, workspace_id: str, channel_id: str, now: datetime) -> DeliveryPause | None:
    """The pause that holds now for this channel, be it the channel's or the whole workspace's."""
    found = pauses_of(session=session, workspaces=[workspace_id], now=now)
    return found.get((workspace_id, WHOLE_WORKSPACE)) or found.get((workspace_id, channel_id))


def resume(*, session: Session, workspace_id: str, now: datetime) -> bool:
    """Ends a workspace's pause: what was owed meanwhile may be looked at now. False when there was none."""
    ended = delete(DeliveryPause).where(
        col(DeliveryPause.workspace_id) == workspace_id, col(DeliveryPause.channel_id) == WHOLE_WORKSPACE
    )
    if session.execute(ended.returning(col(DeliveryPause.workspace_id))).first() is None:
        return False
    session.execute(
        update(Nudge)
        .where(
            col(Nudge.workspace_id) == workspace_id,
            col(Nudge.status).in_([NudgeStatus.SCHEDULED, NudgeStatus.UNKNOWN]),
            col(Nudge.due_at) <= now,
            col(Nudge.claim_token).is_(None),
        )
        .values(next_at=now, expires_at=None)
        .execution_options(synchronize_session=False)
    )
    return True


def forget_old_pauses(*, session: Session, now: datetime) -> None:
    session.execute(delete(DeliveryPause).where(col(DeliveryPause.until) < now))
