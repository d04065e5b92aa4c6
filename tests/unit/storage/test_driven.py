"""What the driver runs is what SQLAlchemy would run, and fails as that fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from storage.database import Database
from storage.driven import rows_of
from storage.tables import Inbox, InboxStatus
from storage.upsert import plain
from storage.workspaces import remember_workspace

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
EVENT = {
    "workspace_id": "T1",
    "event_id": "Ev1",
    "message_key": None,
    "payload": {"text": "심사 얼마나 걸려요?"},
    "status": InboxStatus.PROCESSING,
    "taken_at": NOW,
    "lease_until": NOW,
    "attempts": 1,
}


@pytest.fixture(params=["driver", "sqlalchemy"])
def session(sqlite_url: str, request: pytest.FixtureRequest) -> Iterator[Session]:
    """Once as it is, and once with somebody who listens to what is executed, a tracer for instance."""
    heard: list[Any] = []
    with Database(sqlite_url) as database:
        if request.param == "sqlalchemy":
            event.listen(database.engine, "before_cursor_execute", lambda *what: heard.append(what))
        with database.writing() as session:
            remember_workspace(session=session, workspace_id="T1", now=NOW)
            yield session
    assert bool(heard) is (request.param == "sqlalchemy")


def test_values_of_every_kind_are_stored_as_their_columns_say(session: Session) -> None:
    inbox = plain(Inbox)

    [(new,)] = rows_of(session, insert(inbox).returning(inbox.c.id), EVENT)

    kept = session.get_one(Inbox, new)
    assert {name: getattr(kept, name) for name in EVENT} == EVENT


def test_what_is_said_in_the_statement_itself_counts(session: Session) -> None:
    inbox = plain(Inbox)
    [(new,)] = rows_of(session, insert(inbox).returning(inbox.c.id), EVENT)
    finished = update(inbox).where(inbox.c.id == bindparam("event")).values(status=InboxStatus.DONE)

    assert list(rows_of(session, finished, {"event": new})) == []
    done = select(inbox.c.event_id, inbox.c.attempts).where(inbox.c.status == InboxStatus.DONE)
    assert [tuple(row) for row in rows_of(session, done, {})] == [("Ev1", 1)]


def test_a_list_of_values_may_be_of_any_length(session: Session) -> None:
    inbox = plain(Inbox)
    rows_of(session, insert(inbox), EVENT)
    named = select(inbox.c.event_id).where(inbox.c.event_id.in_(bindparam("names", expanding=True)))

    found = [[name for (name,) in rows_of(session, named, {"names": names})] for names in ([], ["Ev1"], ["Ev1", "Ev2"])]

    assert found == [[], ["Ev1"], ["Ev1"]]


def test_errors_are_those_of_sqlalchemy_and_show_nothing_that_was_written(session: Session) -> None:
    inbox = plain(Inbox)
    rows_of(session, insert(inbox), EVENT)

    with pytest.raises(IntegrityError) as twice:
        rows_of(session, insert(inbox), EVENT)
    with pytest.raises(OperationalError):
        rows_of(session, text("select * from nothing"), {})

    assert "심사" not in str(twice.value)
