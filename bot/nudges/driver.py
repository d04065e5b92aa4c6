"""APScheduler drives the short jobs from memory. It owns no nudge: what is owed stands in the ledger."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.at_work import AtWork

log = logging.getLogger(__name__)

SWEEP_PERIOD = timedelta(seconds=5)
RECONCILE_PERIOD = timedelta(minutes=10)
HOUSEKEEPING_PERIOD = timedelta(hours=6)
_STOP_SECONDS = 4.0
"""How long a stop waits for a request that is on its way. Cut off, it is read back by whoever comes next."""


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires at once and then every `period` after the last time.

    APScheduler's own interval trigger lists every time that was missed, which after a long sleep of the machine
    are millions.
    """

    def __init__(self, period: timedelta) -> None:
        self._period = period

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + self._period


class Driver:
    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 2, "coalesce": True, "misfire_grace_time": None}
        )
        self._running: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._at_work = AtWork()
        self._is_stopping = False
        self._not_yet_run: set[str] = set()
        self._afterwards: list[tuple[str, Callable[[], Awaitable[object]]]] = []

    def every(self, period: timedelta, job: Callable[[], Awaitable[object]], *, name: str) -> None:
        self._not_yet_run.add(name)
        self._scheduler.add_job(self._run, Every(period), id=name, args=[name, job])

    def afterwards(self, job: Callable[[], Awaitable[object]], *, name: str) -> None:
        """Runs once, when all others have run for the first time."""
        self._afterwards.append((name, job))

    def start(self) -> None:
        """Needs a running event loop."""
        self._loop = asyncio.get_running_loop()
        self._scheduler.start()

    def start_anew(self, name: str) -> None:
        """Lets a job run at once, however long it would have slept. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._start_anew, name)

    async def stop(self) -> None:
        """Starts nothing more, and gives what is running a few seconds before it is cut off."""
        self._is_stopping = True
        if not self._scheduler.running:  # the process ends before its start has
            return
        self._scheduler.pause()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._at_work.idle()
        except TimeoutError:
            log.warning("what is still running is cut off")
        self._scheduler.shutdown(wait=False)
        await self._at_work.idle()

    async def _run(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        # A long run is no news; APScheduler would warn of it every time.
        if self._is_stopping or name in self._running:
            return
        self._running.add(name)
        try:
            with self._at_work.on_something():
                await job()
        except asyncio.CancelledError:  # APScheduler would log it as an error
            if not self._is_stopping:
                raise
            log.info("the job %s is cut off", name)
        except Exception:  # the next run finds everything where it was
            log.exception("the job %s failed", name)
        finally:
            self._running.discard(name)
            self._go_on_after(name)

    def _go_on_after(self, name: str) -> None:
        self._not_yet_run.discard(name)
        if not self._not_yet_run:
            for later, job in self._afterwards:
                self._scheduler.add_job(self._run, id=later, args=[later, job])
            self._afterwards.clear()

    def _start_anew(self, name: str) -> None:
        try:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
        except JobLookupError:
            log.error("there is no job %s to start anew", name)
