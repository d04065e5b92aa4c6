"""Every event is handled once, however often and in whatever shape Slack delivers it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.inbox import finish_event, forget_events, take_event
from storage.workspaces import remember_workspace

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


@pytest.fixture
def workspaces(database: Database) -> Database:
    with database.writing() as session:
        for workspace_id in ("T1", "T2"):
            remember_workspace(session=session, workspace_id=workspace_id, now=NOW)
    return database


def take(
    database: Database, event_id: str, *, key: str | None = None, workspace_id: str = "T1", now: datetime = NOW
) -> int | None:
    with database.writing() as session:
        return take_event(
            session=session, workspace_id=workspace_id, event_id=event_id, message_key=key, now=now, lease=LEASE
        )


def test_a_redelivery_is_not_taken(workspaces: Database) -> None:
    assert take(workspaces, "Ev1") is not None
    assert take(workspaces, "Ev1") is None


def test_a_mention_that_comes_as_two_events_is_taken_once(workspaces: Database) -> None:
    assert take(workspaces, "Ev1", key="C1:1.0") is not None
    assert take(workspaces, "Ev2", key="C1:1.0") is None


def test_workspaces_do_not_know_each_others_events(workspaces: Database) -> None:
    assert take(workspaces, "Ev1", workspace_id="T1") is not None
    assert take(workspaces, "Ev1", workspace_id="T2") is not None


def test_an_event_whose_handler_died_is_taken_again_once(workspaces: Database) -> None:
    first = take(workspaces, "Ev1", key="C1:1.0")
    later = NOW + LEASE + timedelta(seconds=1)

    assert take(workspaces, "Ev1", key="C1:1.0", now=later) == first
    assert take(workspaces, "Ev1", key="C1:1.0", now=later) is None


def test_a_handled_event_is_never_taken_again(workspaces: Database) -> None:
    inbox_id = take(workspaces, "Ev1")
    assert inbox_id is not None
    with workspaces.writing() as session:
        finish_event(session=session, workspace_id="T1", inbox_id=inbox_id)

    assert take(workspaces, "Ev1", now=NOW + timedelta(days=1)) is None


def test_many_at_once_take_it_once(workspaces: Database) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        taken = list(pool.map(lambda number: take(workspaces, f"Ev{number % 2}", key="C1:1.0"), range(12)))

    assert len([one for one in taken if one is not None]) == 1


def test_only_old_handled_events_are_forgotten(workspaces: Database) -> None:
    old, fresh = take(workspaces, "Ev1"), take(workspaces, "Ev2", now=NOW + timedelta(days=6))
    open_one = take(workspaces, "Ev3")
    with workspaces.writing() as session:
        for inbox_id in (old, fresh):
            assert inbox_id is not None
            finish_event(session=session, workspace_id="T1", inbox_id=inbox_id)

    with workspaces.writing() as session:
        gone = forget_events(session=session, older_than=NOW + timedelta(days=5))

    assert gone == 1
    assert open_one is not None
    assert take(workspaces, "Ev1") is not None
