"""Forgets a person, or a contract, in every table: what happened stays where others need it, without the person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import JSON, ColumnElement, String, Table, UniqueConstraint, cast, delete, or_, select, update
from sqlmodel import AutoString, Session, SQLModel, col

from storage.tables import Contract, Inbox, InboxStatus, Question, Suggestion

NOBODY = ""
"""stands where a forgotten person's id or mail address stood alone"""
_CUT = "***"
"""stands where one stood inside a longer text"""


class Forgotten(Struct, frozen=True):
    """How many rows are gone, and in how many the person is."""

    deleted: int
    changed: int


def forget_person(*, session: Session, person: str, workspace_id: str | None = None) -> Forgotten:
    """`person` is a Slack id or a mail address. Without a workspace: in all of them.

    Deletes what the person asked, and rows that are about this person only; elsewhere the name is taken out.
    """
    theirs = [col(Question.user_id) == person]
    if workspace_id is not None:
        theirs.append(col(Question.workspace_id) == workspace_id)
    deleted = _delete_questions(session, *theirs)
    changed = _leave_unhandled(session, person, workspace_id)
    for table in filter(_is_of_workspaces, SQLModel.metadata.sorted_tables):
        about = _rows_about_one_person(table, person, workspace_id)
        if about is not None:
            deleted += _count(session, delete(table).where(about))
        changed += _take_out(session, table, person, workspace_id)
    return Forgotten(deleted, changed)


def forget_contract(*, session: Session, contract_id: int) -> Forgotten | None:
    """Deletes a contract with its history and the questions that were asked in its channel since it began."""
    contract = session.get(Contract, contract_id)
    if contract is None:
        return None
    deleted = _delete_questions(
        session,
        col(Question.workspace_id) == contract.workspace_id,
        col(Question.channel_id) == contract.channel_id,
        col(Question.asked_at) >= contract.created_at,
    )
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "contract_id" in table.columns:
            deleted += _count(session, delete(table).where(table.columns.contract_id == contract_id))
    deleted += _count(session, delete(Contract).where(col(Contract.id) == contract_id))
    return Forgotten(deleted, 0)


def _delete_questions(session: Session, *where: ColumnElement[bool]) -> int:
    ids = select(col(Question.id)).where(*where)
    said = _count(session, delete(Suggestion).where(col(Suggestion.question_id).in_(ids)))
    return said + _count(session, delete(Question).where(*where))


def _rows_about_one_person(table: Table, person: str, workspace_id: str | None) -> ColumnElement[bool] | None:
    """The rows that a person's id makes unique: without it they would say nothing."""
    unique = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    keys = {column.name for one in unique for column in one.columns} | {c.name for c in table.primary_key.columns}
    texts = [column == person for column in table.columns if column.name in keys and _is_text(column)]
    return _in_workspace(table, or_(*texts), workspace_id) if texts else None


def _leave_unhandled(session: Session, person: str, workspace_id: str | None) -> int:
    """What the inbox holds of the person is not handled any more: it would be kept as a question of nobody's."""
    without, changed = _remover(person), 0
    holds = cast(col(Inbox.payload), String).icontains(person, autoescape=True)
    if workspace_id is not None:
        holds &= col(Inbox.workspace_id) == workspace_id
    for row in session.execute(select(Inbox).where(holds)).scalars():
        if without(row.payload) != row.payload:
            row.payload, row.done, row.status = None, None, InboxStatus.DONE
            changed += 1
    session.flush()
    return changed


def _take_out(session: Session, table: Table, person: str, workspace_id: str | None) -> int:
    columns = [column for column in table.columns if _is_text(column) or isinstance(column.type, JSON)]
    if not columns:
        return 0
    key = list(table.primary_key.columns)
    holds = or_(*(cast(column, String).icontains(person, autoescape=True) for column in columns))
    rows = session.execute(select(*key, *columns).where(_in_workspace(table, holds, workspace_id))).mappings().all()
    without, changed = _remover(person), 0
    for row in rows:
        values = {column.name: without(row[column.name]) for column in columns}
        values = {name: value for name, value in values.items() if value != row[name]}
        if values:
            changed += 1
            session.execute(update(table).where(*(column == row[column.name] for column in key)).values(values))
    return changed


def _remover(person: str) -> Callable[[Any], Any]:
    """A person's id may be the beginning of another one: only the whole word goes."""
    edge = r"[\w.%+-]" if "@" in person else r"[A-Z0-9]"
    whole = re.compile(rf"(?<!{edge}){re.escape(person)}(?!{edge})", re.IGNORECASE if "@" in person else 0)

    def without(value: Any) -> Any:
        if isinstance(value, str):
            return NOBODY if whole.fullmatch(value) else whole.sub(_CUT, value)
        if isinstance(value, list):
            return [without(one) for one in value]
        if isinstance(value, dict):
            return {without(name): without(one) for name, one in value.items()}
        return value

    return without


def _is_of_workspaces(table: Table) -> bool:
    """Other tables hold nothing of people: help-centre articles name public addresses."""
    return table.name == "workspace" or "workspace_id" in table.columns


def _is_text(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, (String, AutoString))  # SQLModel's own is no subclass of SQLAlchemy's


def _in_workspace(table: Table, condition: ColumnElement[bool], workspace_id: str | None) -> ColumnElement[bool]:
    if workspace_id is None:
        return condition
    whose = table.columns.id if table.name == "workspace" else table.columns.workspace_id
    return condition & (whose == workspace_id)


def _count(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
