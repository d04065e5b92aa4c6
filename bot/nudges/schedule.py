"""Runs jobs every so often, by APScheduler and from memory.

Loaded when a start has ended: APScheduler looks through all installed packages for kinds of schedules, to find its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires every `period` after the last time.

    APScheduler's own interval trigger lists every time that was missed, which after a long sleep of the machine
    are millions.
    """

    def __init__(self, period: timedelta) -> None:
        self._period = period

    def get_next_fire_time(self, _previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self._period


class Schedule:
    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 2, "coalesce": True, "misfire_grace_time": None}
        )

    def add(
        self,
        job: Callable[..., Awaitable[None]],
        *arguments: object,
        name: str,
        period: timedelta,
        first_at: datetime,
    ) -> None:
        self._scheduler.add_job(job, Every(period), id=name, args=arguments, next_run_time=first_at)

    def start(self) -> None:
        """Needs a running event loop."""
        self._scheduler.start()

    def run_at(self, name: str, moment: datetime) -> None:
        """Moves the job's next time."""
        self._scheduler.modify_job(name, next_run_time=moment)

    def pause(self) -> None:
        """Starts nothing more."""
        self._scheduler.pause()

    def end(self) -> None:
        """Cancels what is still running."""
        self._scheduler.shutdown(wait=False)
