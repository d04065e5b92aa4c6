"""What operators watch of the delivery: counters that the sweep feeds, gauges that are read from the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from storage.ledger_counts import LedgerCounts

if TYPE_CHECKING:
    from prometheus_client import Metric


class Counter:
    """Only grows."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        self.what = what
        self.count = 0

    def inc(self, by: int = 1) -> None:
        self.count += by


class Metrics:
    """Of one assistant. Prometheus' own package, which knows its text format, is loaded when somebody asks for it."""

    def __init__(self) -> None:
        self._since = time.time()
        self.claims = Counter("nudge_claims", "Rows taken from the ledger to be looked at")
        self.posts = Counter("nudge_posts", "Messages that Slack accepted")
        self.ambiguous = Counter("nudge_ambiguous", "Requests whose outcome nobody can say")
        self.read_back_hits = Counter("nudge_read_back_hits", "Doubtful messages that were in the channel")
        self.read_back_misses = Counter("nudge_read_back_misses", "Looks that did not find the message")
        self.reposts = Counter("nudge_reposts", "Messages posted after a read-back that did not find them")
        self.superseded = Counter("nudge_superseded", "Rows that a newer one of the same rule replaced")
        self.repaired = Counter("nudge_repaired", "Missing rows that the reconciler wrote")
        self.confirmed = Counter("nudge_confirmed", "Open rows that Slack's own event closed")

    def text(self, counts: LedgerCounts, *, tick_age: float) -> bytes:
        """In Prometheus' text format. `tick_age` in seconds; NaN before the first sweep."""
        from prometheus_client import generate_latest
        from prometheus_client.registry import Collector

        metrics = [*self._counters(), *_gauges(counts, tick_age)]

        class Collected(Collector):
            def collect(self) -> Iterable[Metric]:
                return metrics

        return generate_latest(Collected())

    def _counters(self) -> Iterable[Metric]:
        from prometheus_client.metrics_core import CounterMetricFamily

        for one in vars(self).values():
            if isinstance(one, Counter):
                yield CounterMetricFamily(one.name, one.what, one.count, created=self._since)


def _gauges(counts: LedgerCounts, tick_age: float) -> Iterable[Metric]:
    from prometheus_client.metrics_core import GaugeMetricFamily

    oldest = counts.oldest_overdue.total_seconds()
    yield GaugeMetricFamily("nudge_oldest_overdue_seconds", "Age of the oldest row that is due", oldest)
    yield GaugeMetricFamily("nudge_open", "Rows that are still owed", counts.open)
    yield GaugeMetricFamily("nudge_unknown", "Rows of which nobody can say whether they were posted", counts.unknown)
    yield GaugeMetricFamily("nudge_parked", "Rows given up unverified: a person has to decide", counts.parked)
    yield GaugeMetricFamily("nudge_dead", "Rows given up for any other reason", counts.dead)
    yield GaugeMetricFamily("nudge_tick_age_seconds", "Time since the last sweep ended", tick_age)
