"""The watchdog on a clock of its own: what it does is asked one look at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.nudges.watchdog import Watchdog

PERIOD = 5.0


@dataclass
class Watched:
    now: float = 0.0
    alive_at: float = 0.0
    did: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dog = Watchdog(
            timedelta(seconds=PERIOD),
            alive_at=lambda: self.alive_at,
            rearm=lambda: self.did.append("rearm"),
            give_up=lambda: self.did.append("give up"),
            monotonic=lambda: self.now,
        )

    def looks_every_period_until(self, moment: float) -> None:
        while self.now < moment:
            self.now += PERIOD
            self.dog.look()


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_sweep_that_gets_ahead_is_left_alone(watched: Watched) -> None:
    for _ in range(20):
        watched.alive_at = watched.now
        watched.looks_every_period_until(watched.now + PERIOD)

    assert watched.did == []


def test_after_three_periods_the_sweep_is_started_anew(watched: Watched) -> None:
    watched.looks_every_period_until(3 * PERIOD)
    assert watched.did == []

    watched.looks_every_period_until(4 * PERIOD)
    assert watched.did == ["rearm"]


def test_after_ten_periods_it_gives_up(watched: Watched) -> None:
    watched.looks_every_period_until(11 * PERIOD)

    assert watched.did[-1] == "give up"
    assert watched.did.count("rearm") == 7


def test_a_process_that_was_frozen_as_a_whole_gets_its_time_again(watched: Watched) -> None:
    watched.looks_every_period_until(PERIOD)
    watched.now += 1000

    watched.dog.look()
    watched.looks_every_period_until(watched.now + 3 * PERIOD)

    assert watched.did == []
