"""What people said to the assistant, and how it was understood."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import Question


def last_question_of_thread(
    *, session: Session, workspace_id: str, channel_id: str, thread_ts: str, since: datetime
) -> Question | None:
    """The newest thing said to the assistant in this thread, if it is not older than `since`."""
    newest = (
        select(Question)
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.channel_id) == channel_id,
            col(Question.thread_ts) == thread_ts,
            col(Question.asked_at) >= since,
        )
        .order_by(col(Question.id).desc())
        .limit(1)
    )
    return session.execute(newest).scalar_one_or_none()


def last_questions_of_person(*, session: Session, workspace_id: str, user_id: str, limit: int = 5) -> list[Question]:
    rows = (
        select(Question)
        .where(col(Question.workspace_id) == workspace_id, col(Question.user_id) == user_id)
        .order_by(col(Question.id).desc())
        .limit(limit)
    )
    return list(session.execute(rows).scalars())
