"""Every event is handled once, however often and in whatever shape Slack delivers it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.inbox import Taken, finish_event, forget_events, note_question, put_back, take_abandoned, take_event
from storage.tables import Inbox
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
        taken = take_event(
            session=session,
            workspace_id=workspace_id,
            event_id=event_id,
            message_key=key,
            payload={"event_id": event_id},
            now=now,
            lease=LEASE,
        )
        return taken.id if taken else None


def take_again(database: Database, *, now: datetime, most: int = 10, but: tuple[int, ...] = ()) -> list[Taken]:
    with database.writing() as session:
        return take_abandoned(session=session, now=now, lease=LEASE, most=most, but=but)


def finish(database: Database, inbox_id: int) -> None:
    with database.writing() as session:
        finish_event(session=session, workspace_id="T1", inbox_id=inbox_id)


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
    finish(workspaces, inbox_id)

    assert take(workspaces, "Ev1", now=NOW + timedelta(days=1)) is None
    assert take_again(workspaces, now=NOW + timedelta(days=1)) == []


def test_what_was_abandoned_comes_back_whole_to_one_of_all_who_look(workspaces: Database) -> None:
    first, second = take(workspaces, "Ev1"), take(workspaces, "Ev2", workspace_id="T2")
    assert first is not None
    assert second is not None
    with workspaces.writing() as session:
        note_question(session=session, workspace_id="T1", inbox_id=first, question_id=7)
    later = NOW + LEASE + timedelta(seconds=1)
    assert take_again(workspaces, now=NOW + LEASE) == []

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = [taken for taken_at_once in pool.map(lambda _: take_again(workspaces, now=later), range(4))
                 for taken in taken_at_once]  # fmt: skip

    assert found == [
        Taken(first, "T1", {"event_id": "Ev1"}, attempt=2, question_id=7),
        Taken(second, "T2", {"event_id": "Ev2"}, attempt=2),
    ]


def test_what_is_worked_on_here_and_what_goes_beyond_the_room_stay(workspaces: Database) -> None:
    ids = [take(workspaces, f"Ev{number}") for number in range(3)]
    assert ids[0] is not None

    found = take_again(workspaces, now=NOW + timedelta(days=1), most=1, but=(ids[0],))

    assert [taken.id for taken in found] == [ids[1]]


@pytest.mark.parametrize(("was_begun", "attempt"), [(True, 2), (False, 1)])
def test_what_is_put_back_is_taken_from_that_time_on(workspaces: Database, was_begun: bool, attempt: int) -> None:
    """What nobody had begun with is no attempt."""
    inbox_id = take(workspaces, "Ev1")
    assert inbox_id is not None
    until = NOW + timedelta(seconds=3)
    with workspaces.writing() as session:
        put_back(session=session, workspace_id="T1", inbox_id=inbox_id, until=until, was_begun=was_begun)

    assert take_again(workspaces, now=until) == []
    [taken] = take_again(workspaces, now=until + timedelta(milliseconds=1))
    assert taken.attempt == attempt


def test_what_came_is_not_kept_longer_than_until_it_is_handled(workspaces: Database) -> None:
    inbox_id = take(workspaces, "Ev1")
    assert inbox_id is not None
    finish(workspaces, inbox_id)

    with workspaces.reading() as session:
        assert session.execute(select(Inbox.payload)).scalars().all() == [None]


def test_many_at_once_take_it_once(workspaces: Database) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        taken = list(pool.map(lambda number: take(workspaces, f"Ev{number % 2}", key="C1:1.0"), range(12)))

    assert len([one for one in taken if one is not None]) == 1


def test_only_old_handled_events_are_forgotten(workspaces: Database) -> None:
    old, fresh = take(workspaces, "Ev1"), take(workspaces, "Ev2", now=NOW + timedelta(days=6))
    open_one = take(workspaces, "Ev3")
    for inbox_id in (old, fresh):
        assert inbox_id is not None
        finish(workspaces, inbox_id)

    with workspaces.writing() as session:
        gone = forget_events(session=session, older_than=NOW + timedelta(days=5))

    assert gone == 1
    assert open_one is not None
    assert take(workspaces, "Ev1") is not None
