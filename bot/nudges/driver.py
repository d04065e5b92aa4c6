"""APScheduler drives the short jobs from memory. It owns no nudge: what is owed stands in the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.at_work import AtWork

SWEEP_PERIOD = timedelta(seconds=5)
HOUSEKEEPING_PERIOD = timedelta(hours=6)


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
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

        self._at_work = AtWork()

    def every(self, period: timedelta, job: Callable[[], Awaitable[object]], *, name: str) -> None:
        self._scheduler.add_job(self._run, Every(period), id=name, args=[job])

    def start(self) -> None:
        """Needs a running event loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Starts nothing more and waits for what is running: a shutdown alone would cancel it in the middle."""
        self._scheduler.pause()
        await self._at_work.idle()
        self._scheduler.shutdown(wait=False)

    async def _run(self, job: Callable[[], Awaitable[object]]) -> None:
        with self._at_work.on_something():
            await job()
