"""What is read and written at once, and what of it is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from storage.database import Database
from storage.group_commit import GroupCommit
from storage.on_loop import LoopWriter
from storage.tables import SpecialDay, Workspace
from storage.workspaces import remember_workspace

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Refusal(Exception):
    pass


@pytest.fixture
def commits(sqlite_url: str) -> Iterator[tuple[Database, list[str]]]:
    """A database, and the commits that it makes."""
    made: list[str] = []

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(lambda statement: made.append(statement) if statement == "COMMIT" else None)

    with Database(sqlite_url) as database:
        event.listen(database.engine, "connect", listen)
        yield database, made


def put(name: str) -> Callable[..., str]:
    def work(*, session: Session) -> str:
        remember_workspace(session=session, workspace_id=name, now=NOW)
        return name

    return work


def put_then(name: str, error: Callable[[Session], object]) -> Callable[..., None]:
    def work(*, session: Session) -> None:
        remember_workspace(session=session, workspace_id=name, now=NOW)
        error(session)

    return work


def refuse(_: Session) -> None:
    raise Refusal


def put_again(session: Session) -> None:
    for _ in range(2):
        session.add(Workspace(id="T0TWICE", name="", created_at=NOW))
        session.flush()
        session.expunge_all()


def stored(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.exec(select(Workspace.id)).all())


WAYS = pytest.mark.parametrize("way", [Database.write, Database.jot])
"""On a thread, and on the event loop."""


@WAYS
async def test_those_who_wait_together_are_committed_together(commits: tuple[Database, list[str]], way: Any) -> None:
    database, made = commits
    names = {f"T{number}" for number in range(40)}

    returned = await asyncio.gather(*(way(database, put(name)) for name in names))

    assert set(returned) == names == stored(database)
    assert len(made) < len(names)


@WAYS
@pytest.mark.parametrize(("error", "heard"), [(refuse, Refusal), (put_again, IntegrityError)])
async def test_who_fails_takes_nobody_else_along(
    commits: tuple[Database, list[str]], way: Any, error: Callable[[Session], object], heard: type[Exception]
) -> None:
    database, _ = commits
    works = [put("T1"), put_then("T0FAILS", error), put("T2"), put("T3")]

    returned = await asyncio.gather(*(way(database, work) for work in works), return_exceptions=True)

    assert [type(one) if isinstance(one, Exception) else one for one in returned] == ["T1", heard, "T2", "T3"]
    assert stored(database) == {"T1", "T2", "T3"}


@WAYS
async def test_what_was_read_for_one_is_not_what_the_next_sees(commits: tuple[Database, list[str]], way: Any) -> None:
    database, _ = commits
    await database.write(put("T1"))

    def rename(*, session: Session) -> None:
        session.get_one(Workspace, "T1")  # remembered by the session, and changed past it
        session.connection().execute(text("update workspace set name = '새 이름'"))

    def read(*, session: Session) -> str:
        return session.get_one(Workspace, "T1").name

    assert (await asyncio.gather(way(database, rename), way(database, read)))[1] == "새 이름"


@WAYS
async def test_nobody_hears_of_success_when_the_commit_fails(commits: tuple[Database, list[str]], way: Any) -> None:
    database, _ = commits

    def belongs_to_nobody(session: Session) -> None:
        session.connection().execute(text("pragma defer_foreign_keys = on"))  # looked at when it is committed
        what = {"day": NOW.date(), "is_off": True, "entered_by": "U0MINJI", "entered_at": NOW}
        session.add(SpecialDay(workspace_id="T0NOBODY", **what))

    works = [put_then(f"T{n}", belongs_to_nobody) for n in range(3)]
    returned = await asyncio.gather(*(way(database, work) for work in works), return_exceptions=True)

    assert [type(one) for one in returned] == [IntegrityError] * 3
    assert stored(database) == set()
    assert await way(database, put("T0AFTER")) == "T0AFTER"
    assert stored(database) == {"T0AFTER"}


@pytest.mark.parametrize("is_same_process", [True, False], ids=["this process", "another"])
async def test_the_event_loop_waits_for_no_other_writer(sqlite_url: str, *, is_same_process: bool) -> None:
    with Database(sqlite_url) as database, Database(sqlite_url) as another:
        with (database if is_same_process else another).writing() as session:
            put("T0OTHER")(session=session)
            jotted = asyncio.ensure_future(database.jot(put("T0OURS")))
            for _ in range(20):
                await asyncio.sleep(0)  # would stand still, and end with "database is locked"
            assert not jotted.done()

        assert await jotted == "T0OURS"
        assert stored(database) == {"T0OTHER", "T0OURS"}


async def test_what_nobody_waits_for_is_written_with_the_next(commits: tuple[Database, list[str]]) -> None:
    database, made = commits
    with ThreadPoolExecutor(1) as threads:
        line = GroupCommit(database.writing, threads, LoopWriter(database.engine.connect, Lock()))
        an_hour = asyncio.ensure_future(line.write(put("T0SOON"), within=3600))
        await asyncio.sleep(0)

        await line.write(put("T0NOW"))

        assert await an_hour == "T0SOON"
    assert len(made) == 1
    assert await database.jot_soon(put("T0ALONE")) == "T0ALONE"  # where there is no next, by itself


async def test_what_nobody_waits_for_any_more_is_let_go_when_the_database_is_closed(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    left = asyncio.ensure_future(database.jot_soon(put("T0LEFT")))
    await asyncio.sleep(0)

    left.cancel()
    database.close()

    with Database(sqlite_url) as again:
        assert await again.jot_soon(put("T0NEXT")) == "T0NEXT"  # the time of the first one has passed, too
        assert stored(again) == {"T0NEXT"}


async def test_a_glance_sees_what_was_written_before_it(commits: tuple[Database, list[str]]) -> None:
    database, _ = commits

    def names(*, session: Session) -> list[str]:
        return [workspace.name for workspace in session.exec(select(Workspace)).all()]

    seen = [await database.glance(names)]
    await database.write(put("T1"))
    seen.append(await database.glance(names))
    await database.write(lambda *, session: session.connection().execute(text("update workspace set name = '가게'")))
    seen.append(await database.glance(names))

    assert seen == [[], [""], ["가게"]]


async def test_a_glance_that_failed_spoils_no_other(commits: tuple[Database, list[str]]) -> None:
    database, _ = commits
    await database.write(put("T1"))

    with pytest.raises(OperationalError):
        await database.glance(lambda *, session: session.connection().execute(text("select * from nothing")))

    assert await database.glance(lambda *, session: session.get_one(Workspace, "T1").id) == "T1"
