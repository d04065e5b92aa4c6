"""The inbox: every event from Slack is taken once, however often and in whatever shape it is delivered.

Slack forgets an event once it is acknowledged, so the row keeps what came until it is handled. Whoever works on it
has a lease; when that is over, because the process died or had no room, the event is taken again from here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, null, or_, select, update
from sqlmodel import Session, col

from storage.driven import rows_of
from storage.tables import Inbox, InboxStatus
from storage.upsert import engine_of, insert_on, plain


class Taken(Struct, frozen=True):
    """An event that is ours to handle now."""

    id: int
    workspace_id: str
    payload: dict[str, Any] | None = None
    """what came, where it is taken again"""
    attempt: int = 1
    question_id: int | None = None
    """the question that an attempt before this one has begun to answer"""
    done: dict[str, Any] | None = None
    """what an attempt before this one has recorded, and perhaps not told"""


def take_event(
    *,
    session: Session,
    workspace_id: str,
    event_id: str,
    message_key: str | None,
    payload: dict[str, Any],
    now: datetime,
    lease: timedelta,
) -> Taken | None:
    """The event if it is ours to handle now; None when it was, or is being, handled.

    An event whose handler died (its lease is over) is taken again.
    """
    row = {
        "workspace_id": workspace_id,
        "event_id": event_id,
        "message_key": message_key,
        "payload": payload,
        "status": InboxStatus.PROCESSING,
        "taken_at": now,
        "lease_until": now + lease,
        "attempts": 1,
    }
    for (new,) in rows_of(session, _put(engine_of(session)), row):
        return Taken(new, workspace_id)
    same = [col(Inbox.event_id) == event_id]
    if message_key is not None:
        same.append(col(Inbox.message_key) == message_key)
    again = select(col(Inbox.id)).where(col(Inbox.workspace_id) == workspace_id, or_(*same), *_abandoned(now)).limit(1)
    return next(iter(_take(again, session=session, now=now, lease=lease)), None)


def take_abandoned(
    *, session: Session, now: datetime, lease: timedelta, most: int, but: Collection[int] = ()
) -> list[Taken]:
    """Up to `most` events of any workspace whose lease is over, the oldest first, but for those that are named."""
    again = select(col(Inbox.id)).where(*_abandoned(now), col(Inbox.payload).is_not(None), col(Inbox.id).not_in(but))
    again = again.order_by(col(Inbox.lease_until)).limit(most).with_for_update(skip_locked=True)
    return sorted(_take(again, session=session, now=now, lease=lease), key=lambda taken: taken.id)


def put_back(*, session: Session, workspace_id: str, inbox_id: int, until: datetime, was_begun: bool) -> None:
    """Lets go of an event that is not handled yet: it is taken again from `until` on."""
    attempts = plain(Inbox).c.attempts - (0 if was_begun else 1)
    let_go = update(plain(Inbox)).where(*_being_handled()).values(lease_until=until, attempts=attempts)
    session.connection().execute(let_go, _this(workspace_id, inbox_id))


def note_question(*, session: Session, workspace_id: str, inbox_id: int, question_id: int) -> None:
    """An answer is about to be posted: whoever takes the event again has to look for it first."""
    rows_of(session, _noted(), {**_this(workspace_id, inbox_id), "asked": question_id})


def note_done(*, session: Session, workspace_id: str, inbox_id: int, done: dict[str, Any]) -> None:
    """In the transaction that does it: whoever takes the event again tells what was done, and does nothing."""
    told = update(plain(Inbox)).where(*_being_handled()).values(done=done)
    session.connection().execute(told, _this(workspace_id, inbox_id))


def finish_event(*, session: Session, workspace_id: str, inbox_id: int) -> None:
    """What came is not kept any longer."""
    rows_of(session, _finished(), _this(workspace_id, inbox_id))


def forget_events(*, session: Session, older_than: datetime) -> int:
    """Deletes handled events of every workspace that were taken before `older_than`. Returns how many."""
    gone = session.execute(delete(Inbox).where(col(Inbox.taken_at) < older_than, col(Inbox.status) == InboxStatus.DONE))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


@cache
def _put(dialect: str) -> Any:
    """Each of these three is made once: every event needs them, and to make one takes longer than to run it."""
    inbox = plain(Inbox)
    return insert_on(dialect, inbox).on_conflict_do_nothing().returning(inbox.c.id)


@cache
def _noted() -> Any:
    return update(plain(Inbox)).where(*_being_handled()).values(question_id=bindparam("asked"))


@cache
def _finished() -> Any:
    return update(plain(Inbox)).where(*_mine()).values(status=InboxStatus.DONE, payload=null(), done=null())


def _mine() -> tuple[ColumnElement[bool], ...]:
    inbox = plain(Inbox)
    return inbox.c.workspace_id == bindparam("workspace"), inbox.c.id == bindparam("event")


def _being_handled() -> tuple[ColumnElement[bool], ...]:
    return *_mine(), plain(Inbox).c.status == InboxStatus.PROCESSING


def _this(workspace_id: str, inbox_id: int) -> dict[str, Any]:
    return {"workspace": workspace_id, "event": inbox_id}


def _abandoned(now: datetime) -> tuple[Any, ...]:
    return col(Inbox.status) == InboxStatus.PROCESSING, col(Inbox.lease_until) < now


def _take(which: Any, *, session: Session, now: datetime, lease: timedelta) -> list[Taken]:
    # Chosen first: PostgreSQL may run a subquery with a limit once more for every row that it updates.
    chosen = list(session.execute(which).scalars())
    if not chosen:
        return []
    rows = session.execute(
        update(Inbox)
        .where(col(Inbox.id).in_(chosen), *_abandoned(now))
        .values(lease_until=now + lease, attempts=Inbox.attempts + 1)
        .returning(
            col(Inbox.id),
            col(Inbox.workspace_id),
            col(Inbox.payload),
            col(Inbox.attempts),
            col(Inbox.question_id),
            col(Inbox.done),
        )
        .execution_options(synchronize_session=False)
    )
    return [Taken(*row) for row in rows]
