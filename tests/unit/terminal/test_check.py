"""What `app.py check` finds, on the day that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.terminal.check import what_is_wrong
from tests.conftest import SettableClock

WRITTEN = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""The day on which the topics were last read against their sources."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.read({"DATABASE_URL": f"sqlite:///{tmp_path / 'guide.db'}"})


def test_nothing_is_wrong_with_what_is_shipped(settings: Settings, clock: SettableClock) -> None:
    clock.set(WRITTEN)

    assert list(what_is_wrong(settings, clock)) == []


def test_a_topic_whose_facts_have_aged_is_named_with_its_day(settings: Settings, clock: SettableClock) -> None:
    clock.set(datetime(2028, 1, 1, tzinfo=UTC))

    found = list(what_is_wrong(settings, clock))

    assert "topic fee.card_rate: its facts should be read again, since 2027-02-01" in found
    assert found == sorted(found, key=lambda line: line[-10:]), "the longest overdue comes first"


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        (datetime(2027, 1, 31, 14, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 15, 0, tzinfo=UTC), True),
    ],
)
def test_the_day_begins_in_the_zone_of_the_settings(
    now: datetime, overdue: bool, settings: Settings, clock: SettableClock
) -> None:
    clock.set(now)

    assert any("fee.card_rate" in line for line in what_is_wrong(settings, clock)) is overdue
