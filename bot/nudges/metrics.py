"""What operators watch of the delivery: counters that the sweep feeds, gauges that are read from the ledger."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from storage.ledger_counts import LedgerCounts


class Metrics:
    """A registry of its own for every assistant in a process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.claims = self._counter("nudge_claims", "Rows taken from the ledger to be looked at")
        self.posts = self._counter("nudge_posts", "Messages that Slack accepted")
        self.ambiguous = self._counter("nudge_ambiguous", "Requests whose outcome nobody can say")
        self.read_back_hits = self._counter("nudge_read_back_hits", "Doubtful messages that were in the channel")
        self.read_back_misses = self._counter("nudge_read_back_misses", "Looks that did not find the message")
        self.reposts = self._counter("nudge_reposts", "Messages posted after a read-back that did not find them")
        self.superseded = self._counter("nudge_superseded", "Rows that a newer one of the same rule replaced")
        self.repaired = self._counter("nudge_repaired", "Missing rows that the reconciler wrote")
        self.confirmed = self._counter("nudge_confirmed", "Open rows that Slack's own event closed")
        self._oldest = self._gauge("nudge_oldest_overdue_seconds", "Age of the oldest row that is due")
        self._open = self._gauge("nudge_open", "Rows that are still owed")
        self._unknown = self._gauge("nudge_unknown", "Rows of which nobody can say whether they were posted")
        self._parked = self._gauge("nudge_parked", "Rows given up unverified: a person has to decide")
        self._dead = self._gauge("nudge_dead", "Rows given up for any other reason")
        self._tick_age = self._gauge("nudge_tick_age_seconds", "Time since the last sweep ended")

    def text(self, counts: LedgerCounts, *, tick_age: float) -> bytes:
        """In Prometheus' text format. `tick_age` in seconds; NaN before the first sweep."""
        self._oldest.set(counts.oldest_overdue.total_seconds())
        self._open.set(counts.open)
        self._unknown.set(counts.unknown)
        self._parked.set(counts.parked)
        self._dead.set(counts.dead)
        self._tick_age.set(tick_age)
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str) -> Counter:
        return Counter(name, what, registry=self._registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(name, what, registry=self._registry)
