"""What stands against posting anything at all: a clock that cannot be true, a database that is somebody else's."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import SteadyClock
from storage import instance
from storage.database import Database

log = logging.getLogger(__name__)

WRONG_INSTANCE = "instance"
WRONG_CLOCK = "clock"

_SAME_TIME = timedelta(seconds=60)


class InstanceGate:
    """Closed while the database belongs to another installation: a copy of it for staging must not post."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    async def __call__(self) -> str | None:
        owner = await self._database.read(instance.owner)
        if owner is None:
            owner = await self._database.write(instance.take_if_free, name=self._name)
        if owner == self._name:
            return None
        log.error("nothing is posted: the database belongs to the installation %r, this is %r", owner, self._name)
        return WRONG_INSTANCE


class ClockGate:
    """Follows a clock that others may set: this machine's, or the database's.

    A step of more than a minute against the monotonic clock, and the first reading of all, count only once a witness
    outside, Slack, has the same time. Where the witness stands by the time that we had, we keep that.
    """

    def __init__(
        self,
        clock: SteadyClock,
        source: Callable[[], Awaitable[datetime]],
        witness: Callable[[], Awaitable[datetime | None]],
        *,
        may_differ: bool,
    ) -> None:
        """`may_differ`: whether we may go on while the source is wrong; not where it decides what is due."""
        self._clock = clock
        self._source = source
        self._witness = witness
        self._may_differ = may_differ
        self._correction: timedelta | None = None

    async def __call__(self) -> str | None:
        told = await self._source()
        if self._correction is not None and _same(told + self._correction, self._clock.now()):
            self._clock.tell(told + self._correction)
            return None
        return await self._ask_witness(told)

    async def _ask_witness(self, told: datetime) -> str | None:
        first = self._correction is None
        seen, ours = await self._witness(), self._clock.now()
        if seen is not None and _same(told, seen):
            self._correction = timedelta(0)
            self._clock.tell(told)
        elif seen is not None and self._may_differ:
            self._correction = (ours if _same(ours, seen) else seen) - told
            self._clock.tell(told + self._correction)
        else:
            log.error("nothing is posted: the clock says %s, we had %s, Slack says %s", told, ours, seen)
            return WRONG_CLOCK
        if not first or self._correction:
            log.warning("the clock was set to %s; Slack says %s, and we go by %s", told, seen, self._clock.now())
        return None


def _same(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _SAME_TIME
