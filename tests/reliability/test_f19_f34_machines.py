"""Databases that crash or are locked, clocks that are set, copies, old versions, and a driver that stops."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import create_engine, text

from storage import instance, migrate
from storage.database import Database
from storage.tables import NudgeStatus
from tests.conftest import address_of, new_postgres_database
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
from tests.reliability.stage import POSTGRESQL, SQLITE, Scene, Stage

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
        with Fleet(Script(database_url=crashing.address, api_url=slack.api_url)) as fleet:
            fleet.start(2)
            for share in (60, 150):
                await until(lambda share=share: len(slack.posts) > share)
                await asyncio.to_thread(crashing.crash)
                await asyncio.to_thread(crashing.start)
                there = len(slack.posts)
                await until(lambda there=there: len(slack.posts) > there, saying="it goes on")
            database.engine.dispose()
            await until_all_sent(database, 300)

    assert_each_once(slack, ids)


async def test_f20_f32_a_held_write_lock_and_a_driver_whose_loop_dies(stage: Stage) -> None:
    async def somebody_holds_the_write_lock(at: Scene) -> None:
        """For longer than a statement waits (5 s)."""
        ids = fill(at.database, 150)
        [replica] = at.fleet.start(lease=8.0)
        await until(lambda: len(at.slack.posts) > 20)
        locker = sqlite3.connect(at.folder / "test.db", isolation_level=None, timeout=30)
        locker.execute("begin immediate")
        await asyncio.sleep(7)
        locker.execute("rollback")
        locker.close()
        there = len(at.slack.posts)

        await until(lambda: len(at.slack.posts) > there, saying="it goes on")
        await until_all_sent(at.database, 150)

        assert_each_once(at.slack, ids)
        assert not replica.has_ended()

    async def its_loop_dies_once(at: Scene) -> None:
        report = at.folder / "report"
        [replica] = at.fleet.start(breaks_scheduler="once", report_file=str(report), watched_every=1.0)
        await until(lambda: read_report(report).get("broken"))
        ids = fill(at.database, 5)

        await until_all_sent(at.database, 5)

        assert_each_once(at.slack, ids)
        assert not replica.has_ended()

    async def its_loop_dies_for_good(at: Scene) -> None:
        [replica] = at.fleet.start(breaks_scheduler="always", watched_every=0.3)

        await until(replica.has_ended)

        assert replica.process.exitcode == 70

    await stage.play(somebody_holds_the_write_lock, its_loop_dies_once, its_loop_dies_for_good, on=[SQLITE])


async def test_f21_a_replica_whose_host_is_an_hour_ahead(stage: Stage) -> None:
    async def play(at: Scene) -> None:
        ahead = at.folder / "clock"
        ahead.write_text(str(AN_HOUR))
        early = fill(at.database, 20, due_in=timedelta(minutes=10))
        due = fill(at.database, 20, first_id=101)

        at.fleet.start(clock_file=str(ahead))
        await until(lambda: statuses(at.database).get(NudgeStatus.SENT) == 20)
        await asyncio.sleep(PERIODS * at.fleet.script.period)

        assert_each_once(at.slack, due)
        assert not set(early) & set(at.slack.by_nudge), "nothing early"

    await stage.play(play, on=[POSTGRESQL])


async def test_f22_f24_clocks_that_are_set_and_a_copy_of_the_database(stage: Stage) -> None:
    async def the_wall_clock_is_set(at: Scene) -> None:
        ahead, report = at.folder / "clock", at.folder / "report"
        ahead.write_text("0")
        at.fleet.start(clock_file=str(ahead), report_file=str(report), watched_every=1.0)
        await until(lambda: read_report(report).get("missing", "") is None)
        early = fill(at.database, 5, due_in=timedelta(minutes=30))
        memory = int(str(read_report(report)["memory"]))

        for number, step in enumerate((-AN_HOUR, AN_HOUR, A_YEAR), start=1):
            ahead.write_text(str(step))
            ticked = float(str(read_report(report)["ticked_at"]))
            await until(
                lambda ticked=ticked: float(str(read_report(report)["ticked_at"])) > ticked + 1,
                saying=f"ticks go on after a step of {step} s",
            )
            due = fill(at.database, 5, first_id=100 * number, due_in=timedelta(seconds=-1))
            await until(lambda due=due: set(due) <= set(at.slack.by_nudge), saying=f"posts after {step} s")

        assert not set(early) & set(at.slack.by_nudge), "nothing early"
        assert int(str(read_report(report)["memory"])) - memory < 20 * 1024 * 1024

    async def nobody_can_say_what_time_it_is(at: Scene) -> None:
        """While Slack cannot be asked, nothing is posted by a clock that was set."""
        ahead, report = at.folder / "clock", at.folder / "report"
        ahead.write_text("0")
        at.fleet.start(clock_file=str(ahead), report_file=str(report))
        await until(lambda: read_report(report).get("missing", "") is None)
        at.slack.time_is_told = False
        ahead.write_text(str(AN_HOUR))
        await until(lambda: read_report(report).get("missing") == "clock")
        ids = fill(at.database, 5)
        await asyncio.sleep(1)
        assert at.slack.posts == []

        at.slack.time_is_told = True
        await until_all_sent(at.database, 5)

        assert_each_once(at.slack, ids)

    async def a_copy_under_another_name_calls_nobody(at: Scene) -> None:
        report = at.folder / "report"
        fill(at.database, 10)
        with at.database.writing() as session:
            instance.take_if_free(session=session, name="production")

        at.fleet.start(instance_id="staging", report_file=str(report))
        await until(lambda: read_report(report).get("missing") == "instance")
        await asyncio.sleep(1)

        assert at.slack.calls == {}
        assert statuses(at.database) == {NudgeStatus.SCHEDULED: 10}

    plays = (the_wall_clock_is_set, nobody_can_say_what_time_it_is, a_copy_under_another_name_calls_nobody)
    await stage.play(*plays, on=[SQLITE])


async def test_f23_a_backup_from_before_the_posts_is_restored(stage: Stage) -> None:
    patient = {"request_limit": 10.0, "lease": 30.0}

    async def play(at: Scene) -> None:
        ids = fill(at.database, 300)
        with backup_of(at) as backup:
            [first] = at.fleet.start(**patient)
            await until_all_sent(at.database, 300)
            first.kill()
            posted = {post.ids[0]: post.ts for post in at.slack.posts}

            with Database(backup) as restored:
                [second] = at.fleet.start(database_url=backup, overdue=1.0, **patient)
                await until_all_sent(restored, 300)
                second.kill()
                found = {row.public_id: row.message_ts for row in first_nudges(restored)}

        assert_each_once(at.slack, ids)
        assert found == posted

    await stage.play(play)


async def test_f34_an_old_version_works_beside_the_new_one(stage: Stage) -> None:
    """The old one knows the columns of the ledger and the three statements, and nothing that came after."""

    async def play(at: Scene) -> None:
        at.slack.fault_of = lambda _channel, _ids, tries: Fault("reset", after=True) if tries == 0 else None
        ids = fill(at.database, 120)
        at.fleet.start(2)
        old = asyncio.create_task(OldVersion(at.database, at.slack).work())
        try:
            await until_all_sent(at.database, 120)
        finally:
            old.cancel()
            await asyncio.gather(old, return_exceptions=True)

        assert_each_once(at.slack, ids)

    await stage.play(play)


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
                    await self._database.write(self._doubt, nudge_id)  # whoever comes next looks for it
                    continue
                await self._database.write(self._mark_sent, nudge_id, posted["ts"])

    @property
    def _now(self) -> str:
        if self._database.has_shared_clock:
            return "(extract(epoch from clock_timestamp()) * 1000)::bigint"
        return "cast((julianday('now') - 2440587.5) * 86400000 as integer)"

    def _doubt(self, nudge_id: int, *, session: object) -> None:
        session.execute(  # type: ignore[attr-defined]
            text(
                f"update nudge set status = 'unknown', next_at = {self._now} + 2500, claim_token = null "
                "where id = :id and status = 'posting'"
            ),
            {"id": nudge_id},
        )

    def _claim_and_mark(self, *, session: object) -> tuple[int, str, str] | None:
        lock = "for update skip locked" if self._database.has_shared_clock else ""
        now = self._now
        found = session.execute(  # type: ignore[attr-defined]
            text(
                f"update nudge set status = 'posting', attempts = attempts + 1, claim_token = :token, "
                f"posted_from = coalesce(posted_from, {now}), next_at = {now} + 60000 where id = ("
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


@contextmanager
def backup_of(at: Scene) -> Iterator[str]:
    """A copy of the database as it is now. Yields its address."""
    at.database.engine.dispose()
    if not at.database.has_shared_clock:
        with contextlib.closing(sqlite3.connect(at.folder / "test.db")) as file:
            file.execute("pragma wal_checkpoint(truncate)")
        shutil.copy(at.folder / "test.db", at.folder / "backup.db")
        yield f"sqlite:///{at.folder / 'backup.db'}"
        return
    here = at.database.engine.url
    admin = create_engine(here.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with new_postgres_database(admin, str(here.database)) as name:
        yield address_of(admin, name)
    admin.dispose()
