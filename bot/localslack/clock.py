"""The workspace's time: real time plus an offset, and it only moves forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _system_time() -> datetime:
    return datetime.now(UTC)


class WorkspaceClock:
    """Aware UTC time for the workspace, the product and the page.

    Time flows as `now` flows; `advance_to` adds to the offset. Deadlines of the protocol (the 3 s for an
    acknowledgement, the life of a trigger_id) do not use this clock: nobody can move those at Slack either.
    """

    flows = True

    def __init__(self, now: Callable[[], datetime] = _system_time) -> None:
        self._source = now
        self._latest: datetime | None = None
        self.offset = timedelta(0)

    def now(self) -> datetime:
        moment = (self._source() + self.offset).astimezone(UTC)
        self._latest = moment if self._latest is None else max(self._latest, moment)
        return self._latest

    def advance_to(self, moment: datetime) -> None:
        """Moves on to `moment`; one that has passed changes nothing. Raises ValueError for a naive datetime."""
        if moment.tzinfo is None:
            raise ValueError("the workspace's clock takes aware datetimes only")
        gap = moment - self.now()
        if gap > timedelta(0):
            self.offset += gap

    def restore(self, offset: timedelta) -> None:
        """Takes up the offset of an earlier run."""
        self.offset = offset
        self._latest = None


class FrozenClock(WorkspaceClock):
    """For tests: stands still at `start` and moves only when told."""

    flows = False

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the workspace's clock takes aware datetimes only")
        super().__init__(lambda: start)
