"""What is remembered of a country's holidays is what their package says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import Distribution
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from bot.nudges.days_not_worked import days_not_worked


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("bot.nudges.days_not_worked.cache_folder", lambda: tmp_path)
    days_not_worked.cache_clear()
    yield tmp_path / "days-not-worked.json"
    days_not_worked.cache_clear()


def starts_anew() -> None:
    days_not_worked.cache_clear()


def without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    starts_anew()
    monkeypatch.setitem(sys.modules, "holidays", None)


def test_a_start_knows_the_years_around_without_the_package(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    this_year = days_not_worked("KR", 2026)
    in_america = days_not_worked("US", 2026)
    starts_anew()
    next_year = days_not_worked("KR", 2028)

    without_the_package(monkeypatch)

    assert days_not_worked("KR", 2026) == this_year
    assert days_not_worked("KR", 2028) == next_year
    assert days_not_worked("US", 2026) == in_america
    assert date(2026, 9, 25) in this_year  # Chuseok
    assert date(2026, 11, 28) in this_year  # a Saturday
    assert date(2026, 11, 26) not in this_year
    assert date(2026, 11, 26) in in_america  # Thanksgiving


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"key": 1}', "null"])
def test_a_torn_file_is_made_anew(torn: str, file: Path) -> None:
    known = days_not_worked("KR", 2026)
    file.write_text(torn)
    starts_anew()

    assert days_not_worked("KR", 2026) == known
    assert file.read_text() != torn


def test_another_version_of_the_package_is_asked_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days_not_worked("KR", 2026)
    file.write_text(file.read_text().replace("2026-09-25", "2026-09-24"))
    starts_anew()
    assert date(2026, 9, 25) not in days_not_worked("KR", 2026)
    starts_anew()

    another = create_autospec(Distribution, instance=True)
    another.read_text.return_value = "Version: another"
    monkeypatch.setattr("bot.nudges.days_not_worked.distribution", lambda _: another)

    assert date(2026, 9, 25) in days_not_worked("KR", 2026)


@pytest.mark.parametrize("year", [date.min.year, date.max.year])
def test_time_ends_without_an_error(year: int, file: Path) -> None:
    assert days_not_worked("KR", year)
