"""The inbox: every event from Slack is taken once, however often and in whatever shape it is delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from storage.tables import Inbox, InboxStatus


def take_event(
    *,
    session: Session,
    workspace_id: str,
    event_id: str,
    message_key: str | None,
    now: datetime,
    lease: timedelta,
) -> int | None:
    """The id of the event's row if it is ours to handle now; None when it was, or is being, handled.

    An event whose handler died (its lease is over) is taken again.
    """
    row = Inbox(
        workspace_id=workspace_id,
        event_id=event_id,
        message_key=message_key,
        taken_at=now,
        lease_until=now + lease,
    )
    try:
        with session.begin_nested():
            session.add(row)
        return row.id
    except IntegrityError:
        return _take_over(session, workspace_id, event_id, message_key, now, lease)


def finish_event(*, session: Session, workspace_id: str, inbox_id: int) -> None:
    session.execute(
        update(Inbox)
        .where(col(Inbox.workspace_id) == workspace_id, col(Inbox.id) == inbox_id)
        .values(status=InboxStatus.DONE)
    )


def forget_events(*, session: Session, older_than: datetime) -> int:
    """Deletes handled events of every workspace that were taken before `older_than`. Returns how many."""
    gone = session.execute(delete(Inbox).where(col(Inbox.taken_at) < older_than, col(Inbox.status) == InboxStatus.DONE))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def _take_over(
    session: Session, workspace_id: str, event_id: str, message_key: str | None, now: datetime, lease: timedelta
) -> int | None:
    same = [col(Inbox.event_id) == event_id]
    if message_key is not None:
        same.append(col(Inbox.message_key) == message_key)
    abandoned = (
        select(col(Inbox.id))
        .where(
            col(Inbox.workspace_id) == workspace_id,
            or_(*same),
            col(Inbox.status) == InboxStatus.PROCESSING,
            col(Inbox.lease_until) < now,
        )
        .limit(1)
        .scalar_subquery()
    )
    return session.execute(
        update(Inbox).where(col(Inbox.id) == abandoned).values(lease_until=now + lease).returning(col(Inbox.id))
    ).scalar_one_or_none()
