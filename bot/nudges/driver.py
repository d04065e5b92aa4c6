"""Drives the short jobs from memory. It owns no nudge: what is owed stands in the ledger."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.at_work import AtWork

if TYPE_CHECKING:
    from bot.nudges.schedule import Schedule

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[object]]

SWEEP_PERIOD = timedelta(seconds=5)
RECONCILE_PERIOD = timedelta(minutes=10)
HOUSEKEEPING_PERIOD = timedelta(hours=6)
_STOP_SECONDS = 4.0
"""How long a stop waits for a request that is on its way. Cut off, it is read back by whoever comes next."""
_A_MOMENT = 1.0
"""How many seconds all other jobs wait for the first run of the first."""
_A_BREATH = 0.03
"""And then for whoever has waited for that: whether we are ready is not answered while the other jobs are loaded."""


class Driver:
    def __init__(self) -> None:
        self._jobs: dict[str, tuple[Job, timedelta]] = {}
        self._not_yet_run: set[str] = set()
        self._running: set[str] = set()
        self._afterwards: list[tuple[str, Job]] = []
        self._schedule: Schedule | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._at_work = AtWork()
        self._is_stopping = False

    def every(self, period: timedelta, job: Job, *, name: str) -> None:
        self._not_yet_run.add(name)
        self._jobs[name] = job, period

    def afterwards(self, job: Job, *, name: str) -> None:
        """Runs once, when all others have run for the first time."""
        self._afterwards.append((name, job))

    def start(self) -> None:
        """Needs a running event loop.

        What was named first is what somebody waits for: it runs at once, and all others when it has, or in a moment.
        """
        self._loop = asyncio.get_running_loop()
        self._begin("schedule", self._start_schedule)

    def start_anew(self, name: str) -> None:
        """Lets a job run at once, however long it would have slept. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._start_anew, name)

    async def stop(self) -> None:
        """Starts nothing more, and gives what is running a few seconds before it is cut off."""
        self._is_stopping = True
        if self._schedule is not None:
            self._schedule.pause()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._at_work.idle()
        except TimeoutError:
            log.warning("what is still running is cut off")
            await self._at_work.cut_off()
        if self._schedule is not None:
            self._schedule.end()
        await self._at_work.idle()

    async def _start_schedule(self) -> None:
        first = next(iter(self._jobs))
        await asyncio.wait([self._begin(first, self._jobs[first][0])], timeout=_A_MOMENT)
        await asyncio.sleep(_A_BREATH)
        schedule = await asyncio.to_thread(_new_schedule)
        if self._is_stopping:
            return
        now = datetime.now(UTC)
        for name, (job, period) in self._jobs.items():
            begins = now + period if name == first else now
            schedule.add(self._run, name, job, name=name, period=period, first_at=begins)
        schedule.start()
        self._schedule = schedule

    def _begin(self, name: str, job: Job) -> asyncio.Task[None]:
        return asyncio.create_task(self._run(name, job))

    async def _run(self, name: str, job: Job) -> None:
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
                self._begin(later, job)
            self._afterwards.clear()

    def _start_anew(self, name: str) -> None:
        if name not in self._jobs:
            log.error("there is no job %s to start anew", name)
        elif self._schedule is None:
            self._begin(name, self._jobs[name][0])
        else:
            self._schedule.run_at(name, datetime.now(UTC))


def _new_schedule() -> Schedule:
    from bot.nudges.schedule import Schedule

    return Schedule()
