"""The only way anything here learns the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SteadyClock:
    """The time as somebody told it, carried on by the monotonic clock, which nobody sets."""

    def __init__(self, told: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.tell(told)

    def now(self) -> datetime:
        return self._told + timedelta(seconds=self._monotonic() - self._since)

    def tell(self, moment: datetime) -> None:
        self._told, self._since = moment, self._monotonic()
