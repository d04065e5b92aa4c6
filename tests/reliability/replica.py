"""One replica as a process of its own: the product's own post office, on an office that never closes.

The test that starts it says what goes wrong in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

import aiohttp
import apscheduler.schedulers.base
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import QueuePool

import bot.nudges.driver
import storage.database
from bot.clock import SteadyClock
from bot.nudges.calendar import BusinessCalendar
from bot.nudges.delivery import Delivery, Message
from bot.nudges.driver import Driver
from bot.nudges.timing import Timing
from bot.office import Office
from bot.procedure.load import load_procedures
from bot.texts.catalogue import Catalogues
from handlers.nudges import courier
from handlers.nudges.courier import SlackCourier
from handlers.nudges.post_office import PostOffice
from storage.database import Database, clock_of_database

AFTER_CLAIM, BEFORE_POST, AFTER_POST = "after_claim", "before_post", "after_post"
BEFORE_WRITE = "before_write"
"""between the last look at the clock and the request's first byte"""


@dataclass
class Script:
    """All times in seconds. Looks at the history come late enough for a busy machine, on which the fake Slack may take
    a message a second after its sender has given up."""

    database_url: str
    api_url: str
    period: float = 0.2
    lease: float = 3.0
    overdue: float = 1800.0
    first_look: float = 2.5
    second_look: float = 1.5
    looks: int = 2
    stale: float = 2.0
    batch: int = 24
    at_once: int = 4
    request_limit: float = 2.0
    instance_id: str = "default"
    dies: str | None = None
    """where the process kills itself: after_claim, before_post or after_post"""
    freezes: str | None = None
    """where it stops itself, once: before_post or before_write; somebody has to let it go on"""
    checks_staleness: bool = True
    clock_file: str | None = None
    """holds how many seconds this host's clock is ahead"""
    report_file: str | None = None
    breaks_scheduler: str | None = None
    """`once` or `always`: APScheduler's own loop raises"""
    watched_every: float = 5.0

    def timing(self) -> Timing:
        return Timing(
            lease=timedelta(seconds=self.lease),
            overdue=timedelta(seconds=self.overdue),
            first_look=timedelta(seconds=self.first_look),
            second_look=timedelta(seconds=self.second_look),
            looks=self.looks,
            stale=timedelta(seconds=self.stale),
            first_retry=timedelta(seconds=0.5),
            batch=self.batch,
            at_once=self.at_once,
        )


class NeverClosed(BusinessCalendar):
    def is_open(self, moment: datetime) -> bool:
        return True

    def is_business_day(self, day: date) -> bool:
        return True


class NeverClosedOffice(Office):
    def calendar(self, procedure: Any, zone: str, working: Any) -> BusinessCalendar:
        usual = super().calendar(procedure, zone, working)
        return NeverClosed(usual.zone, usual.country, usual.working, usual.spread)


class DyingDatabase(Database):
    async def write(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        result = await super().write(work, *args, **kwargs)
        if getattr(work, "__name__", "") == "_claim" and result[0]:
            die()
        return result


class UnluckyCourier(SlackCourier):
    script: Script
    database: Database
    frozen = False

    async def post(
        self, *, workspace_id: str, channel_id: str, public_ids: Sequence[str], message: Message, not_after: float
    ) -> Delivery:
        if self.script.dies == BEFORE_POST:
            die()
        if self.script.freezes == BEFORE_POST and not self.frozen:
            self.frozen = True
            await freeze(self.database)
        delivery = await super().post(
            workspace_id=workspace_id,
            channel_id=channel_id,
            public_ids=public_ids,
            message=message,
            not_after=not_after if self.script.checks_staleness else inf,
        )
        if self.script.dies == AFTER_POST:
            die()
        return delivery


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def freeze(database: Database) -> None:
    """Between two transactions of this process, whose other jobs have just been started: what these hold while it is
    frozen, the others would have to wait for, on SQLite until it goes on.
    """
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    while pool.checkedout():  # noqa: ASYNC110  (the pool has no event to wait for)
        await asyncio.sleep(0.01)
    with database._writer:
        os.kill(os.getpid(), signal.SIGSTOP)


def freeze_before_write(database: Database) -> None:
    """Behind the product's own last look, which is the only other thing that happens there."""
    made, times = courier.watched, iter([database])

    async def freeze_once(*_: Any) -> None:
        for at in times:
            await freeze(at)

    def watched() -> aiohttp.TraceConfig:
        trace = made()
        trace.on_request_chunk_sent.append(freeze_once)
        return trace

    courier.watched = watched


class SteppingDatetime(datetime):
    """This host's wall clock, which somebody sets through a file."""

    file: Path | None = None

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        ahead = 0.0
        if cls.file is not None:
            with contextlib.suppress(OSError, ValueError):
                ahead = float(cls.file.read_text())
        return datetime.now(tz) + timedelta(seconds=ahead)


def set_clock_by(file: str) -> None:
    """All that read this host's clock: APScheduler, whoever starts its job anew, and on SQLite the database's."""
    SteppingDatetime.file = Path(file)
    apscheduler.schedulers.base.datetime = SteppingDatetime
    bot.nudges.driver.datetime = SteppingDatetime  # type: ignore[attr-defined]
    storage.database.datetime = SteppingDatetime  # type: ignore[attr-defined]


BROKEN = threading.Event()
"""APScheduler's loop has raised in this process."""


def break_scheduler(how: str) -> None:
    """The loop of APScheduler raises some time after the start: from then on it runs nothing by itself."""
    scheduler = apscheduler.schedulers.base.BaseScheduler
    process, calls = scheduler._process_jobs, iter(range(1_000_000))

    def breaks(self: Any) -> Any:
        number = next(calls)
        if number == 5 or (how == "always" and number > 5):
            BROKEN.set()
            raise RuntimeError("as when a job store fails")
        return process(self)

    scheduler._process_jobs = breaks


async def run(script: Script) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    make = DyingDatabase if script.dies == AFTER_CLAIM else Database
    with make(script.database_url) as database:
        clock = SteadyClock(await database.read(clock_of_database))
        client = AsyncWebClient("xoxb-x", base_url=script.api_url, retry_handlers=[])
        client.timeout = script.request_limit  # type: ignore[assignment]

        async def client_of(_: str) -> AsyncWebClient:
            return client

        unlucky = UnluckyCourier(client_of, clock, history_per_minute=1_000_000)
        unlucky.script, unlucky.database = script, database
        if script.freezes == BEFORE_WRITE:
            freeze_before_write(database)
        office = PostOffice(
            database,
            NeverClosedOffice(load_procedures(), clock),
            Catalogues.load(),
            client=client,
            client_of=client_of,
            courier=unlucky,
            instance_id=script.instance_id,
            real_time=clock,
            timing=script.timing(),
            period=timedelta(seconds=script.period),
            watched_every=timedelta(seconds=script.watched_every),
        )
        driver = Driver()
        office.start(driver, watched=True)
        driver.start()
        await _until(stopped, office, script)
        office.stop()
        await driver.stop()


async def _until(stopped: asyncio.Event, office: PostOffice, script: Script) -> None:
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), 0.1)
        if script.report_file is not None:
            write_report(Path(script.report_file), office)


def write_report(file: Path, office: PostOffice) -> None:
    """How this replica is, for the test that started it."""
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    report = {
        "missing": office.missing(),
        "ticked_at": office.sweep.alive_at,
        "memory": memory,
        "broken": BROKEN.is_set(),
    }
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(report))
    draft.replace(file)


def main(script: Script, is_loud: bool) -> None:
    """What the process does. It is forked from a process of the tests, whose output is not ours."""
    if not is_loud:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
    logging.basicConfig(level=logging.WARNING)
    if script.clock_file is not None:
        set_clock_by(script.clock_file)
    if script.breaks_scheduler is not None:
        break_scheduler(script.breaks_scheduler)
    asyncio.run(run(script))
