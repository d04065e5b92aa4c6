"""Stops asking a language model that does not answer usefully, and tries it again later."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import Clock


class CircuitBreaker:
    """Opens after `failures` in a row; once `pause` is over it lets one call through in each further `pause`."""

    def __init__(self, clock: Clock, *, failures: int = 5, pause: timedelta = timedelta(minutes=1)) -> None:
        self._clock = clock
        self._allowed = failures
        self._pause = pause
        self._failures = 0
        self._paused_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self._paused_at is not None

    def lets_through(self) -> bool:
        """Whether a call may be made now. Call `succeeded` or `failed` with what came of it."""
        if self._paused_at is None:
            return True
        now = self._clock.now()
        # The local workspace's clock can be set back; that must not keep us waiting.
        if self._paused_at <= now < self._paused_at + self._pause:
            return False
        self._paused_at = now
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._paused_at = None

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._allowed:
            self._paused_at = self._clock.now()
