"""Rows that were given up: what people and the reconciler do with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, tuple_, update
from sqlmodel import Session, col

from storage.among import is_among
from storage.nudges import changed, sent_values
from storage.tables import Nudge, NudgeStatus

_IS_DEAD = "status = 'dead'"
"""No parameter: otherwise the partial index would not be used."""


def given_up_nudges(*, session: Session, workspace_id: str, channels: Collection[str]) -> list[Nudge]:
    """What could not be delivered in these channels, the newest first."""
    rows = (
        select(Nudge)
        .where(text(_IS_DEAD), col(Nudge.workspace_id) == workspace_id, is_among(col(Nudge.channel_id), channels))
        .order_by(col(Nudge.due_at).desc(), col(Nudge.id))
    )
    return list(session.execute(rows).scalars())


def dead_nudges(*, session: Session, limit: int) -> list[Nudge]:
    """What was given up in every workspace."""
    return list(session.execute(select(Nudge).where(text(_IS_DEAD)).limit(limit)).scalars())


def was_followed(*, session: Session, nudge: Nudge) -> bool:
    """Whether a later reminder of the same rule was sent."""
    later = select(col(Nudge.id)).where(
        col(Nudge.workspace_id) == nudge.workspace_id,
        col(Nudge.contract_id) == nudge.contract_id,
        col(Nudge.status) == NudgeStatus.SENT,
        col(Nudge.rule_id) == nudge.rule_id,
        tuple_(col(Nudge.entry), col(Nudge.ordinal)) > (nudge.entry, nudge.ordinal),
    )
    return session.execute(later.limit(1)).first() is not None


def owe_again(*, session: Session, nudge_id: int, due_at: datetime) -> bool:
    """A person wants a given-up row to be sent anew. False: it is not given up any more."""
    return changed(
        session,
        _dead(nudge_id).values(
            status=NudgeStatus.SCHEDULED,
            due_at=due_at,
            next_at=due_at,
            attempts=0,
            checks=0,
            posted_from=None,
            expires_at=None,
            closed_reason=None,
            last_error=None,
        ),
    )


def take_as_received(*, session: Session, nudge_id: int, now: datetime) -> bool:
    """A person says that the message of a given-up row is there. False: it is not given up any more."""
    return changed(session, _dead(nudge_id).values(**sent_values(None, now)))


def _dead(nudge_id: int) -> Any:
    return update(Nudge).where(col(Nudge.id) == nudge_id, col(Nudge.status) == NudgeStatus.DEAD)
