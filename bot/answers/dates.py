"""The day that a message names: "어제", "지난주 금요일", "3일 전", "11/3", "last Friday".

Weeks start on Monday. A day that could lie in the past or in the future is taken `toward` what the
reader expects: reports look back, reminders look ahead. Today itself is only meant by words for today:
on a Monday "월요일" is another Monday.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import NamedTuple


class Toward(Enum):
    PAST = -1
    FUTURE = 1


class Day(NamedTuple):
    day: date
    text: str
    """the words that name it"""
    start: int


def find_day(text: str, today: date, toward: Toward = Toward.PAST) -> Day | None:
    """The first day that `text` (lower case) names, the longest reading of it, or None."""
    from bot.answers.day_words import named_days  # two dozen patterns, which a start does without

    days = named_days(text, today, toward)
    return min(days, key=lambda one: (one.start, -len(one.text)), default=None)


def parse_day(text: str, today: date) -> date | None:
    """The day named by the argument of a command, or None. Ambiguous days are past ones."""
    found = find_day(text.lower(), today)
    return found.day if found else None
