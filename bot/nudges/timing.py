"""How long everything about a delivery may take. The reasons stand with the figures."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from msgspec import Struct

_MOST_DOUBLINGS = 10


class Timing(Struct, frozen=True):
    lease: timedelta = timedelta(seconds=60)
    """at least three times as long as a request to Slack may take"""
    overdue: timedelta = timedelta(minutes=30)
    """a row this late may have been posted before a restore or a long stop: it is read back first"""
    first_look: timedelta = timedelta(seconds=45)
    """after an unknown outcome; longer than a request's time limit plus the lag of Slack's history"""
    second_look: timedelta = timedelta(minutes=3)
    looks: int = 2
    window_before: timedelta = timedelta(minutes=2)
    stale: timedelta = timedelta(seconds=2)
    """between the committed mark and the request; whoever was frozen for longer does not send"""
    soon: timedelta = timedelta(seconds=30)
    """when Slack says "not now" and not how long"""
    first_retry: timedelta = timedelta(seconds=5)
    longest_retry: timedelta = timedelta(minutes=15)
    closed_workspace: timedelta = timedelta(hours=1)
    """how often the rows of a workspace that took our token back come up; nothing is sent then"""
    tried_for: int = 3
    """business days from the first try: outages of Slack last hours, so tries are not counted"""
    batch: int = 24
    """at most what `at_once` can send within one lease if every request takes its full time"""
    at_once: int = 4

    def backoff(self, attempts: int, random: Random) -> timedelta:
        """Twice as long after every attempt, spread so that replicas and channels do not come back together."""
        grown = self.first_retry * (1 << min(attempts, _MOST_DOUBLINGS))
        return min(grown, self.longest_retry) * random.uniform(0.5, 1.5)

    def after_limit(self, wait: timedelta, random: Random) -> timedelta:
        """A little more than Slack asked for."""
        return wait + random.random() * max(timedelta(seconds=1), wait / 5)
