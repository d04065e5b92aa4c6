"""The ledger: one row for each message that is owed. Rows are claimed, marked and closed by single statements.

A claim hands out a token; every later write of the claimer carries it, so that a claimer that was frozen, or a
person who snoozed meanwhile, cannot be overwritten.

Statements on a nudge's way are made once, by functions with a `cache`, and run with what they are given: making one
takes several times as long as the database needs for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Integer,
    Numeric,
    Table,
    and_,
    bindparam,
    case,
    extract,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy import cast as cast_as
from sqlmodel import Session, col

from storage.among import is_among
from storage.columns import UtcDateTime, epoch_milliseconds
from storage.tables import Nudge, NudgeStatus
from storage.upsert import engine_of

_TABLE: Table = Nudge.__table__  # type: ignore[attr-defined]

UNVERIFIED = "unverified"
"""Why a row was given up whose message may be in the channel: only a person can say."""


def claim_due(
    *,
    session: Session,
    now: datetime | None,
    lease: timedelta,
    overdue: timedelta,
    limit: int,
    token: str,
    looks: int = 2,
) -> list[Nudge]:
    """Takes the oldest rows that are due, up to `limit`: they are the claimer's until the lease is over.

    The rows have the attributes of `Nudge`, and cannot be written.

    Without `now` the database's clock decides, which all replicas share (PostgreSQL only).

    A row found in `posting` (its claimer died) or more than `overdue` late becomes `unknown`: nobody can say
    whether it was posted, so it has to be read back first. Of the `looks` that this takes, a row that was waiting
    needs the last one only: nothing of it can still be on its way.
    """
    given = {
        "token": token,
        "lease": _milliseconds(lease),
        "overdue": _milliseconds(overdue),
        "most": limit,
        "last_look": looks - 1,
    }
    if now is not None:
        given["now"] = epoch_milliseconds(now)
    elif engine_of(session) != "postgresql":
        raise ValueError("only PostgreSQL has a clock that its clients share")
    session.flush()
    # Rows, not objects: a graph of objects takes longer than the claim itself.
    return cast("list[Nudge]", session.connection().execute(claim_statement(shared_clock=now is None), given).all())


@cache
def claim_statement(*, shared_clock: bool) -> Any:
    """One statement on either engine; the clause that lets replicas pass each other exists on PostgreSQL only."""
    moment = _clock_of_database() if shared_clock else bindparam("now", type_=BigInteger)
    lease, overdue = bindparam("lease", type_=BigInteger), bindparam("overdue", type_=BigInteger)
    row = _TABLE.c
    next_at, due_at = type_coerce(row.next_at, BigInteger), type_coerce(row.due_at, BigInteger)
    due = (
        select(row.id)
        .where(next_at <= moment)
        .order_by(next_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)  # SQLAlchemy leaves it out on SQLite, whose writers take turns anyway
        .cte("due")
    )
    died = row.status == NudgeStatus.POSTING
    late = and_(row.status == NudgeStatus.SCHEDULED, due_at < moment - overdue)
    return (
        update(_TABLE)
        .where(row.id.in_(select(due.c.id)))
        .values(
            claim_token=bindparam("token"),
            next_at=type_coerce(moment + lease, UtcDateTime),
            status=case((or_(died, late), NudgeStatus.UNKNOWN), else_=row.status),
            checks=case((died, 0), (late, bindparam("last_look", type_=Integer)), else_=row.checks),
        )
        .returning(*row)
    )


def take_along(
    *,
    session: Session,
    workspace_id: str,
    contract_id: int,
    token: str,
    now: datetime,
    lease: timedelta,
    overdue: timedelta,
) -> list[Nudge]:
    """Claims what else of the contract is due and was never in doubt, also where another claimer holds it.

    To be called with the contract under lock, so that two claimers do not take from each other at once.
    """
    given = {
        "workspace": workspace_id,
        "contract": contract_id,
        "token": token,
        "earliest": now - overdue,
        "latest": now,
        "leased_until": now + lease,
    }
    taken = session.execute(_take_along(), given).scalars()
    return sorted(taken, key=lambda nudge: (nudge.due_at, nudge.id or 0))


@cache
def _take_along() -> Any:
    token: Any = bindparam("token")
    return (
        update(Nudge)
        .where(
            col(Nudge.workspace_id) == bindparam("workspace"),
            col(Nudge.contract_id) == bindparam("contract"),
            col(Nudge.status) == NudgeStatus.SCHEDULED,
            col(Nudge.due_at) <= bindparam("latest", type_=UtcDateTime),
            col(Nudge.due_at) >= bindparam("earliest", type_=UtcDateTime),
            col(Nudge.claim_token).is_distinct_from(token),
        )
        .values(claim_token=token, next_at=bindparam("leased_until", type_=UtcDateTime))
        .returning(Nudge)
        .execution_options(synchronize_session=False)
    )


def _clock_of_database() -> ColumnElement[int]:
    """Epoch milliseconds, read once a statement so that the index can be used."""
    seconds = cast_as(extract("epoch", func.clock_timestamp()), Numeric)
    return select(cast_as(func.floor(seconds * 1000), BigInteger)).scalar_subquery()


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def mark_posting(
    *,
    session: Session,
    nudge_id: int,
    token: str,
    now: datetime,
    lease: timedelta,
    expires_at: datetime | None = None,
) -> bool:
    """To be committed before the message is sent. False: snoozed, cancelled, or somebody else's by now.

    `expires_at` is until when it may be tried again; a later try does not move it.
    """
    return _applied(
        session,
        _mark_posting(),
        {
            "nudge_id": nudge_id,
            "token": token,
            "moment": now,
            "leased_until": now + lease,
            "expires_by": expires_at,
        },
    )


@cache
def _mark_posting() -> Any:
    moment = bindparam("moment", type_=UtcDateTime)
    return (
        update(_TABLE)
        .where(
            _TABLE.c.id == bindparam("nudge_id"),
            _TABLE.c.claim_token == bindparam("token"),
            or_(_TABLE.c.status == NudgeStatus.SCHEDULED, _TABLE.c.status == NudgeStatus.UNKNOWN),
            _TABLE.c.next_at > moment,
        )
        .values(
            status=NudgeStatus.POSTING,
            attempts=_TABLE.c.attempts + 1,
            posted_from=func.coalesce(_TABLE.c.posted_from, moment),
            expires_at=func.coalesce(_TABLE.c.expires_at, bindparam("expires_by", type_=UtcDateTime)),
            next_at=bindparam("leased_until", type_=UtcDateTime),
        )
    )


def mark_sent(*, session: Session, nudge_id: int, message_ts: str, now: datetime) -> bool:
    """Slack's own word that the message is there is the truth, whoever holds the lease."""
    return _applied(session, _mark_sent(), {"nudge_id": nudge_id, "ts": message_ts, "moment": now})


@cache
def _mark_sent() -> Any:
    return (
        update(_TABLE)
        .where(
            _TABLE.c.id == bindparam("nudge_id"),
            or_(_TABLE.c.status == NudgeStatus.POSTING, _TABLE.c.status == NudgeStatus.UNKNOWN),
        )
        .values(**sent_values(bindparam("ts"), bindparam("moment", type_=UtcDateTime)))
    )


def contracts_of(*, session: Session, workspace_id: str, public_ids: Collection[str]) -> list[int]:
    """The contracts that the nudges belong to, in the order in which they are to be locked."""
    found = select(col(Nudge.contract_id)).where(
        col(Nudge.workspace_id) == workspace_id, col(Nudge.public_id).in_(public_ids)
    )
    return list(session.execute(found.distinct().order_by(col(Nudge.contract_id))).scalars())


def confirm_sent(
    *, session: Session, workspace_id: str, public_ids: Collection[str], message_ts: str, now: datetime
) -> int:
    """Slack shows us a message with these ids: whoever posted it, it is there. How many rows had been open.

    A row that had been given up because nobody could say whether it was posted counts as open here.
    """
    in_doubt = or_(
        col(Nudge.status).in_([NudgeStatus.POSTING, NudgeStatus.UNKNOWN]),
        and_(col(Nudge.status) == NudgeStatus.DEAD, col(Nudge.closed_reason) == UNVERIFIED),
    )
    confirmed = session.execute(
        update(Nudge)
        .where(col(Nudge.workspace_id) == workspace_id, col(Nudge.public_id).in_(public_ids), in_doubt)
        .values(**sent_values(message_ts, now))
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", confirmed).rowcount


def sent_values(message_ts: Any, now: Any) -> dict[str, Any]:
    return {
        "status": NudgeStatus.SENT,
        "message_ts": message_ts,
        "sent_at": now,
        "next_at": None,
        "claim_token": None,
        "last_error": None,
        "closed_reason": None,
    }


def release(
    *,
    session: Session,
    nudge_id: int,
    token: str,
    status: NudgeStatus,
    next_at: datetime,
    expires_at: datetime | None,
    error: str,
    checks: int,
    counts: bool = True,
) -> bool:
    """Gives a claimed row back, to be looked at again at `next_at`.

    Without `counts` the try that was marked is taken back: Slack never began with it.
    """
    values: dict[str, Any] = {
        "status": status,
        "next_at": next_at,
        "claim_token": None,
        "last_error": error,
        "checks": checks,
        "expires_at": expires_at,
    }
    if not counts:
        values["attempts"] = col(Nudge.attempts) - 1
        values["posted_from"] = case((col(Nudge.attempts) > 1, col(Nudge.posted_from)), else_=None)
    return changed(session, _claimed(nudge_id, token).values(values))


def put_off(*, session: Session, nudge_id: int, token: str, until: datetime) -> bool:
    """Gives a claimed row back untouched: it could not be begun with yet."""
    return changed(
        session, _claimed(nudge_id, token).values(next_at=until, claim_token=None, status=_as_before_the_claim())
    )


def hand_back(*, session: Session, token: str, now: datetime) -> None:
    """Gives back what was claimed and not begun with, for whoever comes next."""
    session.execute(
        update(Nudge)
        .where(col(Nudge.claim_token) == token, col(Nudge.status).in_([NudgeStatus.SCHEDULED, NudgeStatus.UNKNOWN]))
        .values(next_at=now, claim_token=None, status=_as_before_the_claim())
        .execution_options(synchronize_session=False)
    )


def _as_before_the_claim() -> ColumnElement[str]:
    """A row that was never tried is in doubt only for as long as it is claimed late: people may still move it."""
    never_tried = and_(col(Nudge.status) == NudgeStatus.UNKNOWN, col(Nudge.posted_from).is_(None))
    return case((never_tried, NudgeStatus.SCHEDULED), else_=col(Nudge.status))


def defer(*, session: Session, nudge_id: int, token: str, until: datetime, look_at: datetime) -> bool:
    """Moves a claimed row to a later due time without counting it as an attempt."""
    return changed(
        session,
        _claimed(nudge_id, token).values(status=NudgeStatus.SCHEDULED, due_at=until, next_at=look_at, claim_token=None),
    )


def close(*, session: Session, nudge_id: int, token: str, status: NudgeStatus, reason: str) -> bool:
    """Ends a claimed row: `cancelled` when its reason is gone, `dead` when it cannot be delivered."""
    return changed(
        session,
        _claimed(nudge_id, token).values(status=status, next_at=None, claim_token=None, closed_reason=reason),
    )


def nudges_of_contract(*, session: Session, workspace_id: str, contract_id: int) -> list[Nudge]:
    rows = session.execute(_of_contract(), {"workspace": workspace_id, "contract": contract_id})
    return list(rows.scalars())


@cache
def _of_contract() -> Any:
    return (
        select(Nudge)
        .where(col(Nudge.workspace_id) == bindparam("workspace"), col(Nudge.contract_id) == bindparam("contract"))
        .order_by(col(Nudge.ordinal), col(Nudge.id))
        .execution_options(populate_existing=True)  # single statements may have changed what the session has loaded
    )


def unanswered_nudges(
    *, session: Session, workspace_id: str, channels: Collection[str], limit: int = 200
) -> list[Nudge]:
    """Reminders in these channels that were posted and that nobody has said anything to, the newest first."""
    rows = (
        select(Nudge)
        .where(
            col(Nudge.workspace_id) == workspace_id,
            is_among(col(Nudge.channel_id), channels),
            col(Nudge.status) == NudgeStatus.SENT,
            col(Nudge.answer).is_(None),
            col(Nudge.closed_reason).is_(None),
        )
        .order_by(col(Nudge.sent_at).desc(), col(Nudge.id).desc())
        .limit(limit)
    )
    return list(session.execute(rows).scalars())


def find_nudge(*, session: Session, workspace_id: str, nudge_id: int, channels: Collection[str]) -> Nudge | None:
    rows = select(Nudge).where(
        col(Nudge.workspace_id) == workspace_id, col(Nudge.id) == nudge_id, is_among(col(Nudge.channel_id), channels)
    )
    return session.execute(rows).scalar_one_or_none()


def doubt_since(*, session: Session, since: datetime, now: datetime) -> int:
    """What was due since then is read back before it is posted: the database may have lost what it knew of it."""
    doubted = session.execute(
        update(Nudge)
        .where(
            col(Nudge.next_at).is_not(None),
            col(Nudge.due_at) >= since,
            col(Nudge.due_at) <= now,
            col(Nudge.status).in_([NudgeStatus.SCHEDULED, NudgeStatus.POSTING]),
        )
        .values(
            status=NudgeStatus.UNKNOWN,
            next_at=now,
            claim_token=None,
            checks=0,
            posted_from=func.coalesce(col(Nudge.posted_from), col(Nudge.due_at)),
        )
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", doubted).rowcount


def planned_nudges(*, session: Session, limit: int) -> list[Nudge]:
    """What is planned for every workspace, the next first."""
    rows = select(Nudge).where(col(Nudge.status) == NudgeStatus.SCHEDULED).order_by(col(Nudge.due_at)).limit(limit)
    return list(session.execute(rows).scalars())


def next_look(*, session: Session) -> datetime | None:
    """When the ledger wants to be looked at next; None when nothing is owed to anybody."""
    return session.execute(
        select(col(Nudge.next_at)).where(col(Nudge.next_at).is_not(None)).order_by(col(Nudge.next_at)).limit(1)
    ).scalar_one_or_none()


def _claimed(nudge_id: int, token: str) -> Any:
    return update(Nudge).where(and_(col(Nudge.id) == nudge_id, col(Nudge.claim_token) == token))


def _applied(session: Session, statement: Any, given: dict[str, Any]) -> bool:
    """Past the ORM, which would look at each of these statements for longer than the database does."""
    session.flush()
    return session.connection().execute(statement, given).rowcount == 1


def changed(session: Session, statement: Any) -> bool:
    """Whether the statement, which is about one row, changed it."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount == 1
