"""What holds the sweep: a clock that was set, a database that belongs to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.clock import SteadyClock
from bot.nudges.gates import ClockGate, InstanceGate
from storage import instance
from storage.database import Database
from tests.conftest import MONDAY_MORNING

AN_HOUR = timedelta(hours=1)


@dataclass
class Times:
    """The true time, what the source says, and what the witness says: None when it cannot be asked."""

    may_differ: bool = True
    seconds: float = 0.0
    source_is_ahead: timedelta = timedelta(0)
    witness_answers: bool = True
    asked: int = 0

    def __post_init__(self) -> None:
        self.clock = SteadyClock(MONDAY_MORNING, monotonic=lambda: self.seconds)
        self.gate = ClockGate(self.clock, self._source, self._witness, may_differ=self.may_differ)

    @property
    def truth(self) -> datetime:
        return MONDAY_MORNING + timedelta(seconds=self.seconds)

    @property
    def error(self) -> timedelta:
        return self.clock.now() - self.truth

    async def after(self, seconds: float = 5.0) -> str | None:
        self.seconds += seconds
        return await self.gate()

    async def _source(self) -> datetime:
        return self.truth + self.source_is_ahead

    async def _witness(self) -> datetime | None:
        self.asked += 1
        return self.truth if self.witness_answers else None


async def test_the_first_reading_is_held_against_a_witness_and_no_other() -> None:
    times = Times()

    assert [await times.after() for _ in range(10)] == [None] * 10
    assert times.asked == 1


async def test_a_clock_that_is_wrong_from_the_start_is_not_believed() -> None:
    times = Times(source_is_ahead=24 * AN_HOUR)

    assert await times.after() is None
    assert times.error == timedelta(0)


@pytest.mark.parametrize("step", [AN_HOUR, -AN_HOUR, 365 * 24 * AN_HOUR])
async def test_a_step_that_the_witness_does_not_confirm_changes_nothing(step: timedelta) -> None:
    times = Times()
    await times.after()

    times.source_is_ahead = step
    assert [await times.after() for _ in range(5)] == [None] * 5

    assert times.error == timedelta(0)
    assert times.asked == 2, "once for the first reading, once for the step"


async def test_a_step_that_the_witness_confirms_is_taken_over() -> None:
    """A machine that slept: its monotonic clock stood still meanwhile."""
    times = Times()
    await times.after()
    times.clock.tell(times.truth - AN_HOUR)

    assert await times.after() is None
    assert times.error == timedelta(0)


async def test_without_a_witness_a_step_holds_everything() -> None:
    times = Times()
    await times.after()
    times.witness_answers, times.source_is_ahead = False, AN_HOUR

    assert await times.after() == "clock"
    assert times.error == timedelta(0)
    times.witness_answers = True
    assert await times.after() is None


async def test_a_source_that_decides_what_is_due_must_be_right() -> None:
    """The database's clock: while it is wrong, nobody may claim by it."""
    times = Times(may_differ=False)
    await times.after()

    times.source_is_ahead = AN_HOUR
    assert await times.after() == "clock"
    times.source_is_ahead = timedelta(0)
    assert await times.after() is None


async def test_a_slow_drift_is_followed_without_asking() -> None:
    times = Times()
    await times.after()

    for _ in range(100):
        times.source_is_ahead += timedelta(seconds=1)
        assert await times.after() is None

    assert times.asked == 1
    assert times.error == timedelta(seconds=100)


async def test_the_first_installation_owns_the_database(database: Database) -> None:
    assert await InstanceGate(database, "production")() is None
    assert await InstanceGate(database, "staging")() == "instance"
    assert await InstanceGate(database, "production")() is None


async def test_an_adopted_database_belongs_to_the_new_owner(database: Database) -> None:
    await InstanceGate(database, "production")()

    await database.write(instance.adopt, name="staging")

    assert await InstanceGate(database, "staging")() is None
    assert await InstanceGate(database, "production")() == "instance"
