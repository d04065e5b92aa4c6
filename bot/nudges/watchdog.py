"""Sees that the sweep gets ahead, from a thread of its own: what it watches may hold up the event loop."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta

log = logging.getLogger(__name__)

EXIT_CODE = 70
_REARM_AFTER = 3
_GIVE_UP_AFTER = 10
_FROZEN_AFTER = 2


class Watchdog:
    """After 3 periods without progress it starts the sweep anew, after 10 it ends the process.

    Ending is safe: all that is owed stands in the database. Whoever runs us starts us again.
    """

    def __init__(
        self,
        period: timedelta,
        *,
        alive_at: Callable[[], float],
        rearm: Callable[[], None],
        give_up: Callable[[], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`alive_at` is on the monotonic clock, which no change of the time of day moves."""
        self._period = period.total_seconds()
        self._alive_at = alive_at
        self._rearm = rearm
        self._give_up = give_up or _end_the_process
        self._monotonic = monotonic
        self._looked_at = self._counts_from = monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> None:
        """Does what is needed now. To be called every period."""
        now = self._monotonic()
        if now - self._looked_at > _FROZEN_AFTER * self._period:
            self._counts_from = now  # the whole process was held up, this thread too: the sweep gets its time again
        self._looked_at = now
        late = (now - max(self._alive_at(), self._counts_from)) / self._period
        if late > _GIVE_UP_AFTER:
            log.critical("the sweep has stood still for %.0f periods: ending", late)
            self._give_up()
        elif late > _REARM_AFTER:
            log.error("the sweep is %.0f periods late: starting it anew", late)
            self._rearm()

    def _watch(self) -> None:
        while not self._stopped.wait(self._period):
            self.look()


def _end_the_process() -> None:
    logging.shutdown()
    os._exit(EXIT_CODE)  # the loop may be stuck: nothing that asks it to stop would be heard
