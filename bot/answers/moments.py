"""When somebody wants to be reminded: "내일 오전 10시", "3일 뒤", "in two hours"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.answers.dates import Toward, find_day

MORNING = time(9, 30)
"""taken for a day without a time of day"""

_HOUR_WORDS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11,
    "열두": 12, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_WORD = "|".join(sorted(_HOUR_WORDS, key=len, reverse=True))
_COUNT = rf"(\d{{1,4}}|{_WORD})"
_LATER = (
    re.compile(rf"{_COUNT}\s*(시간|분)\s*(반)?\s*(?:뒤|후|있다가|이따가)"),
    re.compile(rf"\bin\s+{_COUNT}\s+(hour|minute|min)s?\b"),
)
_CLOCK = re.compile(r"(?<![\d./-])([01]?\d|2[0-3]):([0-5]\d)(?!\d)\s*(am|pm)?")
_KOREAN_HOUR = re.compile(
    rf"(오전|오후|아침|점심|저녁|밤|낮)?\s*(?<!\d)(\d{{1,2}}|{_WORD})\s*시(?!간)\s*(?:(반)|(\d{{1,2}})\s*분)?"
)
_ENGLISH_HOUR = re.compile(r"\b(1[0-2]|[1-9])\s*(am|pm)\b")
_PARTS_OF_DAY = {
    "오전": time(9, 30), "아침": time(9, 30), "점심": time(13), "오후": time(14), "저녁": time(18),
    "morning": time(9, 30), "noon": time(12), "afternoon": time(14), "evening": time(18), "tonight": time(18),
}  # fmt: skip


def parse_future(text: str, now: datetime) -> datetime | None:
    """The moment that `text` names, in the zone of `now`, or None where it names none that is still to come.

    `now` is aware. A day without a time means 09:30; a time without a day means its next occurrence.
    """
    text = text.lower()
    if later := _counted_from_now(text, now):
        return later
    named = find_day(text, now.date(), Toward.FUTURE)
    at = _time_of_day(text)
    if named is None and at is None:
        return None
    moment = _local(named.day if named else now.date(), at or MORNING, now)
    if moment <= now and named is None:
        moment = _local(now.date() + timedelta(days=1), at or MORNING, now)
    return moment if moment > now else None


def _local(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, tzinfo=now.tzinfo)


def _counted_from_now(text: str, now: datetime) -> datetime | None:
    for pattern in _LATER:
        if match := pattern.search(text):
            count = _count(match.group(1))
            minutes = count * 60 if match.group(2) in ("시간", "hour") else count
            if len(match.groups()) > 2 and match.group(3):
                minutes += 30
            return now + timedelta(minutes=minutes) if minutes else None
    return None


def _time_of_day(text: str) -> time | None:
    if match := _CLOCK.search(text):
        return _time(int(match.group(1)), int(match.group(2)), match.group(3))
    if match := _KOREAN_HOUR.search(text):
        part, hour, half, minutes = match.groups()
        return _time(_count(hour), 30 if half else int(minutes or 0), _half_of_day(part))
    if match := _ENGLISH_HOUR.search(text):
        return _time(int(match.group(1)), 0, match.group(2))
    return next((at for word, at in _PARTS_OF_DAY.items() if word in text), None)


def _half_of_day(part: str | None) -> str | None:
    if part is None:
        return None
    return "am" if part in ("오전", "아침") else "pm"


def _time(hour: int, minute: int, half: str | None) -> time | None:
    """An hour from 1 to 7 without a half of the day is one in the afternoon: nobody is at work before."""
    if half == "am" and hour == 12:
        hour = 0
    elif (half == "pm" and hour < 12) or (half is None and 1 <= hour <= 7):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _HOUR_WORDS[word]
