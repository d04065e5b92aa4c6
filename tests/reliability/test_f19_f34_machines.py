"""Databases that crash or are locked, clocks that are set, copies, old versions, and a driver that stops."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import create_engine, text

from storage import instance, migrate
from storage.database import Database, sqlalchemy_url
from storage.tables import NudgeStatus
from tests.postgres import NoPostgres, Server, server
from tests.reliability.fake_slack import FakeSlack, Fault
from tests.reliability.harness import (
    Fleet,
    assert_each_once,
    fill,
    first_nudges,
    read_report,
    statuses,
    until,
    until_all_sent,
)
from tests.reliability.replica import Script

AN_HOUR, A_YEAR = 3600.0, 365 * 86400.0
PERIODS = 3


@pytest.fixture
def crashing() -> Iterator[Server]:
    try:
        with server() as running:
            yield running
    except NoPostgres as missing:
        pytest.skip(f"no PostgreSQL of our own here: {missing}")


async def test_f19_the_database_crashes_twice(crashing: Server, slack: FakeSlack) -> None:
    with Database(crashing.address) as database:
        migrate.upgrade(database.engine)
        ids = fill(database, 300)
        fleet = Fleet(Script(database_url=crashing.address, api_url=slack.api_url))
        try:
            fleet.start(2)
            for share in (60, 150):
                await until(lambda share=share: len(slack.posts) > share, within=40)
                await asyncio.to_thread(crashing.crash)
                await asyncio.to_thread(crashing.start)
                there = len(slack.posts)
                await until(lambda there=there: len(slack.posts) > there, within=15, saying="it goes on")
            database.engine.dispose()
            await until_all_sent(database, 300, within=60)
        finally:
            fleet.stop()

    assert_each_once(slack, ids)


async def test_f20_somebody_holds_the_write_lock(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet
) -> None:
    """For longer than a statement waits (5 s)."""
    ids = fill(sqlite_database, 150)
    [replica] = fleet_on_sqlite.start(lease=8.0)
    await until(lambda: len(slack.posts) > 20, within=30)
    assert sqlite_database.engine.url.database is not None
    locker = sqlite3.connect(sqlite_database.engine.url.database, isolation_level=None, timeout=30)
    locker.execute("begin immediate")
    await asyncio.sleep(7)
    locker.execute("rollback")
    locker.close()
    there = len(slack.posts)

    await until(lambda: len(slack.posts) > there, within=15, saying="it goes on")
    await until_all_sent(sqlite_database, 150, within=60)

    assert_each_once(slack, ids)
    assert not replica.has_ended()


async def test_f21_a_replica_whose_host_is_an_hour_ahead(postgres_url: str, slack: FakeSlack, tmp_path: Path) -> None:
    ahead = tmp_path / "clock"
    ahead.write_text(str(AN_HOUR))
    with Database(postgres_url) as database:
        early = fill(database, 20, due_in=timedelta(minutes=10))
        due = fill(database, 20, first_id=101)
        script = Script(database_url=postgres_url, api_url=slack.api_url, clock_file=str(ahead))
        fleet = Fleet(script)
        try:
            fleet.start()
            await until(lambda: statuses(database).get(NudgeStatus.SENT) == 20, within=30)
            await asyncio.sleep(PERIODS * script.period)
        finally:
            fleet.stop()

    assert_each_once(slack, due)
    assert not set(early) & set(slack.by_nudge), "nothing early"


async def test_f22_the_wall_clock_is_set(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet, tmp_path: Path
) -> None:
    ahead, report = tmp_path / "clock", tmp_path / "report"
    ahead.write_text("0")
    fleet_on_sqlite.start(clock_file=str(ahead), report_file=str(report), watched_every=0.5)
    await until(lambda: "missing" in read_report(report) and read_report(report)["missing"] is None, within=30)
    early = fill(sqlite_database, 5, due_in=timedelta(minutes=30))
    memory = int(str(read_report(report)["memory"]))

    for number, step in enumerate((-AN_HOUR, AN_HOUR, A_YEAR), start=1):
        ahead.write_text(str(step))
        ticked = float(str(read_report(report)["ticked_at"]))
        await until(
            lambda ticked=ticked: float(str(read_report(report)["ticked_at"])) > ticked + 1,
            within=10,
            saying=f"ticks go on after a step of {step} s",
        )
        due = fill(sqlite_database, 5, first_id=100 * number, due_in=timedelta(seconds=-1))
        await until(lambda due=due: set(due) <= set(slack.by_nudge), within=20, saying=f"posts after {step} s")

    assert not set(early) & set(slack.by_nudge), "nothing early"
    assert int(str(read_report(report)["memory"])) - memory < 20 * 1024 * 1024


async def test_f22_nobody_can_say_what_time_it_is(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet, tmp_path: Path
) -> None:
    """While Slack cannot be asked, nothing is posted by a clock that was set."""
    ahead, report = tmp_path / "clock", tmp_path / "report"
    ahead.write_text("0")
    fleet_on_sqlite.start(clock_file=str(ahead), report_file=str(report))
    await until(lambda: read_report(report).get("missing", "") is None, within=30)
    slack.time_is_told = False
    ahead.write_text(str(AN_HOUR))
    await until(lambda: read_report(report).get("missing") == "clock", within=10)
    ids = fill(sqlite_database, 5)
    await asyncio.sleep(1)
    assert slack.posts == []

    slack.time_is_told = True
    await until_all_sent(sqlite_database, 5, within=20)

    assert_each_once(slack, ids)


async def test_f23_a_backup_from_before_the_posts_is_restored(
    database: Database, database_url: str, slack: FakeSlack, fleet: Fleet, tmp_path: Path
) -> None:
    ids = fill(database, 300)
    backup = make_backup(database, database_url, tmp_path)
    [first] = fleet.start(request_limit=10.0, lease=30.0)
    await until_all_sent(database, 300, within=60)
    first.kill()
    posted = {post.ids[0]: post.ts for post in slack.posts}

    with Database(backup) as restored:
        fleet.start(database_url=backup, overdue=1.0, request_limit=10.0, lease=30.0)
        await until_all_sent(restored, 300, within=60)
        found = {row.public_id: row.message_ts for row in first_nudges(restored)}

    assert_each_once(slack, ids)
    assert found == posted


async def test_f24_a_copy_of_the_database_under_another_name_calls_nobody(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    fill(sqlite_database, 10)
    with sqlite_database.writing() as session:
        instance.take_if_free(session=session, name="production")

    fleet_on_sqlite.start(instance_id="staging", report_file=str(report))
    await until(lambda: read_report(report).get("missing") == "instance", within=30)
    await asyncio.sleep(1)

    assert slack.calls == {}
    assert statuses(sqlite_database) == {NudgeStatus.SCHEDULED: 10}


async def test_f32_the_driver_s_own_loop_dies_and_is_started_anew(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet
) -> None:
    [replica] = fleet_on_sqlite.start(breaks_scheduler="once", watched_every=0.5)
    await asyncio.sleep(3)
    ids = fill(sqlite_database, 5)

    await until_all_sent(sqlite_database, 5, within=20)

    assert_each_once(slack, ids)
    assert not replica.has_ended()


async def test_f32_a_driver_that_cannot_be_started_anew_ends_the_process(
    sqlite_database: Database, slack: FakeSlack, fleet_on_sqlite: Fleet
) -> None:
    [replica] = fleet_on_sqlite.start(breaks_scheduler="always", watched_every=0.3)

    await until(replica.has_ended, within=30)

    assert replica.process.exitcode == 70


async def test_f34_an_old_version_works_beside_the_new_one(database: Database, slack: FakeSlack, fleet: Fleet) -> None:
    """The old one knows the columns of the ledger and the three statements, and nothing that came after."""
    slack.fault_of = lambda _channel, _ids, tries: Fault("reset", after=True) if tries == 0 else None
    ids = fill(database, 120)
    fleet.start(2)
    old = asyncio.create_task(OldVersion(database, slack).work())
    try:
        await until_all_sent(database, 120, within=60)
    finally:
        old.cancel()
        await asyncio.gather(old, return_exceptions=True)

    assert_each_once(slack, ids)


class OldVersion:
    """Claims one due row at a time, marks it, posts it and leaves what is doubtful to others."""

    def __init__(self, database: Database, slack: FakeSlack) -> None:
        self._database = database
        self._slack = slack

    async def work(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                row = await self._database.write(self._claim_and_mark)
                if row is None:
                    await asyncio.sleep(0.1)
                    continue
                nudge_id, channel, public_id = row
                metadata = {"event_type": "contract_guide_nudge", "event_payload": {"ids": [public_id]}}
                message = {"channel": channel, "text": "old", "metadata": metadata}
                try:
                    async with session.post(f"{self._slack.api_url}chat.postMessage", json=message) as answer:
                        posted = await answer.json()
                except aiohttp.ClientError:
                    continue  # its lease ends, and whoever comes next looks for it
                await self._database.write(self._mark_sent, nudge_id, posted["ts"])

    def _claim_and_mark(self, *, session: object) -> tuple[int, str, str] | None:
        lock = "for update skip locked" if self._database.has_shared_clock else ""
        now = (
            "(extract(epoch from clock_timestamp()) * 1000)::bigint"
            if self._database.has_shared_clock
            else "cast((julianday('now') - 2440587.5) * 86400000 as integer)"
        )
        found = session.execute(  # type: ignore[attr-defined]
            text(
                f"update nudge set status = 'posting', attempts = attempts + 1, claim_token = :token, "
                f"posted_from = coalesce(posted_from, {now}), next_at = {now} + 3000 where id = ("
                f"select id from nudge where next_at <= {now} and status = 'scheduled' order by next_at limit 1 {lock}"
                f") and status = 'scheduled' returning id, channel_id, public_id"
            ),
            {"token": str(uuid4())},
        ).first()
        return tuple(found) if found else None

    def _mark_sent(self, nudge_id: int, message_ts: str, *, session: object) -> None:
        session.execute(  # type: ignore[attr-defined]
            text(
                "update nudge set status = 'sent', message_ts = :ts, next_at = null, claim_token = null "
                "where id = :id and status in ('posting', 'unknown')"
            ),
            {"id": nudge_id, "ts": message_ts},
        )


def make_backup(database: Database, url: str, folder: Path) -> str:
    """A copy of the database as it is now. Returns its address."""
    database.engine.dispose()
    if not database.has_shared_clock:
        with sqlite3.connect(str(database.engine.url.database)) as file:
            file.execute("pragma wal_checkpoint(truncate)")
        file.close()
        shutil.copy(str(database.engine.url.database), folder / "backup.db")
        return f"sqlite:///{folder / 'backup.db'}"
    admin = create_engine(sqlalchemy_url(url)).url
    name = f"{admin.database}_backup"
    maintenance = create_engine(admin.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{admin.database}"'))
    maintenance.dispose()
    return admin.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
