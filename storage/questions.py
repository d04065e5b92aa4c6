"""What people said to the assistant, and how it was understood."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlmodel import Session, col

from storage.driven import rows_of
from storage.tables import Question, Suggestion
from storage.upsert import changes_one_row, plain


class Asked(NamedTuple):
    """The columns of a `Question` that are known when it is answered."""

    channel_id: str
    thread_ts: str | None
    user_id: str
    asked_at: datetime
    text: str
    outcome: str
    topic: str | None
    offered: list[str]
    offers: list[dict[str, Any]]
    confidence: float


def keep_question(asked: Asked, *, session: Session, workspace_id: str, question_id: int | None = None) -> int:
    """Writes it down, in the place of what an attempt before this one has written. Returns its id."""
    row = {"workspace_id": workspace_id, **asked._asdict()}
    if question_id is not None and changes_one_row(
        session, update(Question).where(*_this(workspace_id, question_id)).values(row)
    ):
        return question_id
    [(kept,)] = rows_of(session, _kept(), row)
    return int(kept)


@cache
def _kept() -> Any:
    """Made once: to make it takes longer than to run it."""
    question = plain(Question)
    return insert(question).returning(question.c.id)


def last_question(
    *,
    session: Session,
    workspace_id: str,
    channel_id: str,
    since: datetime,
    thread_ts: str | None = None,
    user_id: str | None = None,
) -> Question | None:
    """The newest thing said to the assistant in a thread, or by a person in a channel, not older than `since`."""
    newest = (
        select(Question)
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.channel_id) == channel_id,
            col(Question.asked_at) >= since,
        )
        .order_by(col(Question.id).desc())
        .limit(1)
    )
    if thread_ts is not None:
        newest = newest.where(col(Question.thread_ts) == thread_ts)
    if user_id is not None:
        newest = newest.where(col(Question.user_id) == user_id)
    return session.execute(newest).scalar_one_or_none()


def find_question(*, session: Session, workspace_id: str, channel_id: str, question_id: int) -> Question | None:
    """A question that was asked in this channel."""
    rows = select(Question).where(*_this(workspace_id, question_id), col(Question.channel_id) == channel_id)
    return session.execute(rows).scalar_one_or_none()


def take_hand_over(*, session: Session, workspace_id: str, question_id: int, user_id: str, now: datetime) -> bool:
    """Marks that somebody hands the question over. False: somebody has done so before."""
    return changes_one_row(
        session,
        update(Question)
        .where(
            *_this(workspace_id, question_id),
            col(Question.handed_over_at).is_(None),
        )
        .values(handed_over_at=now, handed_over_by=user_id),
    )


def release_hand_over(*, session: Session, workspace_id: str, question_id: int) -> None:
    """It could not be posted after all: somebody may try again."""
    session.execute(
        update(Question)
        .where(*_this(workspace_id, question_id))
        .values(handed_over_at=None, handed_over_by=None)
        .execution_options(synchronize_session=False)
    )


def take_into_thread(*, session: Session, workspace_id: str, question_id: int, user_id: str, thread_ts: str) -> bool:
    """Marks that the person's question goes on in this thread. False: it stands in one already."""
    return changes_one_row(
        session,
        update(Question)
        .where(
            *_this(workspace_id, question_id),
            col(Question.user_id) == user_id,
            col(Question.thread_ts).is_(None),
        )
        .values(thread_ts=thread_ts),
    )


def take_out_of_thread(*, session: Session, workspace_id: str, question_id: int) -> None:
    """The answer could not be posted there after all."""
    session.execute(
        update(Question)
        .where(*_this(workspace_id, question_id))
        .values(thread_ts=None)
        .execution_options(synchronize_session=False)
    )


def stop_questions(
    *,
    session: Session,
    workspace_id: str,
    channel_id: str,
    thread_ts: str,
    user_id: str,
    since: datetime,
    now: datetime,
) -> None:
    """Marks what the person has asked in this thread since then: no model has to word it any more."""
    session.execute(
        update(Question)
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.channel_id) == channel_id,
            col(Question.thread_ts) == thread_ts,
            col(Question.user_id) == user_id,
            col(Question.asked_at) >= since,
        )
        .values(stopped_at=now)
        .execution_options(synchronize_session=False)
    )


def is_stopped(*, session: Session, workspace_id: str, question_id: int) -> bool:
    rows = select(col(Question.stopped_at)).where(*_this(workspace_id, question_id))
    return session.execute(rows).scalar_one_or_none() is not None


def last_questions_of_person(*, session: Session, workspace_id: str, user_id: str, limit: int = 5) -> list[Question]:
    rows = (
        select(Question)
        .where(col(Question.workspace_id) == workspace_id, col(Question.user_id) == user_id)
        .order_by(col(Question.id).desc())
        .limit(limit)
    )
    return list(session.execute(rows).scalars())


def question_of_person(*, session: Session, workspace_id: str, user_id: str, question_id: int) -> Question | None:
    """A question that this person asked, wherever that was."""
    rows = select(Question).where(*_this(workspace_id, question_id), col(Question.user_id) == user_id)
    return session.execute(rows).scalar_one_or_none()


def forget_questions(*, session: Session, older_than: datetime) -> None:
    """Deletes the questions of every workspace that were asked before that moment, and what was said about them."""
    old = select(col(Question.id)).where(col(Question.asked_at) < older_than)
    session.execute(delete(Suggestion).where(col(Suggestion.question_id).in_(old)))
    session.execute(delete(Question).where(col(Question.asked_at) < older_than))


def _this(workspace_id: str, question_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(Question.workspace_id) == workspace_id, col(Question.id) == question_id
