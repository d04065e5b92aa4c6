"""What people made of our answers: kept until somebody approves it, and never learned by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from storage.tables import Question, Suggestion, SuggestionStatus, Verdict
from storage.upsert import engine_of, insert_on, plain

About = Literal["meaning", "answer"]
_ABOUT: dict[Verdict, About] = {Verdict.HELPFUL: "answer", Verdict.UNHELPFUL: "answer"}


def keep_suggestion(
    *,
    session: Session,
    workspace_id: str,
    question_id: int,
    user_id: str,
    now: datetime,
    verdict: Verdict,
    shown: str | None = None,
    chosen: str | None = None,
) -> None:
    """A person's word on a question: it takes the place of what the same person said of it before."""
    row = {
        "workspace_id": workspace_id,
        "question_id": question_id,
        "user_id": user_id,
        "about": _ABOUT.get(verdict, "meaning"),
        "verdict": verdict,
        "shown": shown,
        "chosen": chosen,
        "given_at": now,
        "status": SuggestionStatus.PENDING,
    }
    session.connection().execute(_kept(engine_of(session)), row)


@cache
def _kept(dialect: str) -> Any:
    """Made once: it goes with every question that we cannot answer."""
    suggestion = plain(Suggestion)
    insert = insert_on(dialect, suggestion)
    said = ("verdict", "shown", "chosen", "given_at", "status")
    return insert.on_conflict_do_update(
        index_elements=["question_id", "user_id", "about"],
        set_={name: insert.excluded[name] for name in said},
        where=suggestion.c.workspace_id == insert.excluded.workspace_id,
    )


def pending_suggestions(
    *, session: Session, verdicts: Collection[Verdict], workspace_id: str | None = None, limit: int | None = None
) -> Sequence[tuple[Suggestion, Question]]:
    """The newest first, of one workspace or, for the operator, of all."""
    rows = (
        select(Suggestion, Question)
        .join(Question, col(Question.id) == col(Suggestion.question_id))
        .where(col(Suggestion.status) == SuggestionStatus.PENDING, col(Suggestion.verdict).in_(verdicts))
        .order_by(col(Suggestion.id).desc())
    )
    if workspace_id is not None:
        rows = rows.where(col(Suggestion.workspace_id) == workspace_id)
    if limit is not None:
        rows = rows.limit(limit)
    return [(suggestion, question) for suggestion, question in session.execute(rows)]


def settle_suggestions(*, session: Session, ids: Collection[int], status: SuggestionStatus) -> int:
    """Marks what is pending among `ids`. Returns how many rows that were."""
    settled = session.execute(
        update(Suggestion)
        .where(col(Suggestion.id).in_(ids), col(Suggestion.status) == SuggestionStatus.PENDING)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", settled).rowcount
