"""What `app.py check` finds, on the day that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.opening import open_database
from bot.settings import CannotStart, Settings
from bot.terminal.check import what_is_wrong
from storage.database import Database
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
    ("revision", "said"),
    [("0009", "the schema is at 0009, this code needs "), ("9999", "the schema is at 9999, this code knows it up to ")],
)
def test_a_schema_of_another_version_is_said(
    revision: str, said: str, database: Database, clock: SettableClock
) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"update alembic_version set version_num = '{revision}'")
    clock.set(WRITTEN)
    settings = Settings.read({"DATABASE_URL": database.engine.url.render_as_string(hide_password=False)})

    [line] = what_is_wrong(settings, clock)

    assert said in line


def test_a_start_of_an_older_version_is_refused_in_one_line(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    settings = Settings.read({"DATABASE_URL": database.engine.url.render_as_string(hide_password=False)})

    with pytest.raises(CannotStart, match="start the newer version, or put a backup back"):
        open_database(settings)


def test_a_file_that_is_no_database_is_said(settings: Settings, clock: SettableClock) -> None:
    assert settings.sqlite_file is not None
    settings.sqlite_file.write_text("no database, but long enough to be looked at as one" * 50)
    clock.set(WRITTEN)

    assert list(what_is_wrong(settings, clock)) == ["DATABASE_URL: the database cannot be read: file is not a database"]


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
