"""Dates, weekdays and times as people write them, in one form for both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = "월화수목금토일"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?-i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_LONE_MONTH = _MONTH.replace("|May", "").replace("|Mar(?:ch)?", "|March").replace("\\.?", "")

Value = Callable[[re.Match[str]], str | None]


def _date(year: str | None, month: str | None, day: str | None = None) -> str | None:
    numbers = [int(re.sub(r"\D", "", one)) if one else 0 for one in (year, month, day)]
    if not (0 <= numbers[1] <= 12 and 0 <= numbers[2] <= 31):
        return None
    return "-".join(map(str, numbers))


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()[:3]) + 1)


def _time(half: str | None, hour: str, minute: str | None) -> str | None:
    hours, minutes = int(hour), 30 if minute == "반" else int(minute or 0)
    if hours > 24 or minutes > 59:
        return None
    if half and half.lower() in {"오후", "밤", "저녁", "pm"} and hours < 12:
        hours += 12
    return f"{hours}:{minutes:02}"


def _weekday(match: re.Match[str]) -> str:
    said = match.group(1) or match.group(2) or match.group(3)
    return str(_WEEKDAYS.index(said)) if said in _WEEKDAYS else str(_ENGLISH_DAYS.index(said.lower()[:3]))


_ENGLISH_MONTH_FIRST = rf"(?<![a-z])({_MONTH})\s({_DAY})(?!\d)(?:,?\s({_YEAR}))?"
_ENGLISH_DAY_FIRST = rf"(?<!\d)({_DAY})(?:\sof)?\s({_MONTH})(?![a-z])(?:,?\s({_YEAR}))?"
_KOREAN_DATE = rf"(?<!\d)(?:({_YEAR})년\s?)?(\d{{1,2}})월(?:\s?(\d{{1,2}})일(?!\s?(?:째|간|이내|안에)))?"
_KOREAN_TIME = r"(?:(오전|오후|아침|저녁|밤|새벽|낮)\s?)?(?<!\d)(\d{1,2})시(?!간)(?:\s?(\d{1,2})분|\s?(반)(?![가-힣]))?"
_ANY_WEEKDAY = (
    r"([월화수목금토일])요일|(?<=\()([월화수목금토일])(?=\))"
    r"|(?<![a-z])((?-i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|nes|rs|ur)?(?:day)?s?)(?![a-z])"
)

_PATTERNS: tuple[tuple[str, str, Value], ...] = (
    ("date", rf"(?<!\d)({_YEAR})[-./](\d{{1,2}})[-./](\d{{1,2}})(?!\d)", lambda m: _date(*m.groups())),
    ("date", _KOREAN_DATE, lambda m: _date(*m.groups())),
    ("date", rf"(?<!\d)({_YEAR})년", lambda m: _date(m[1], None)),
    ("date", _ENGLISH_DAY_FIRST, lambda m: _date(m[3], _month(m[2]), m[1])),
    ("date", _ENGLISH_MONTH_FIRST, lambda m: _date(m[3], _month(m[1]), m[2])),
    ("date", rf"(?<![a-z])({_MONTH}),?\s({_YEAR})(?!\d)", lambda m: _date(m[2], _month(m[1]))),
    ("date", r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])", lambda m: _date(None, m[1], m[2])),
    (
        "date",
        rf"(?<![a-z])({_LONE_MONTH})(?![a-z])|(?<=in |of |by )(May)(?![a-z])",
        lambda m: _date(None, _month(m[1] or m[2])),
    ),
    ("date", rf"(?<![\d,.]){_YEAR}(?![\d,.%~-]|\s?[가-힣])", lambda m: _date(m[0], None)),
    ("weekday", _ANY_WEEKDAY, _weekday),
    ("time", _KOREAN_TIME, lambda m: _time(m[1], m[2], m[3] or m[4])),
    (
        "time",
        r"(?<![\d:])(\d{1,2}):(\d\d)(?![\d:])(?:\s?([ap])\.?m\.?(?![a-z]))?",
        lambda m: _time(f"{m[3]}m" if m[3] else None, m[1], m[2]),
    ),
    ("time", r"(?<![\d:])(\d{1,2})\s?([ap])\.?m\.?(?![a-z])", lambda m: _time(f"{m[2]}m", m[1], None)),
)
READERS = tuple((kind, re.compile(pattern, re.IGNORECASE), value) for kind, pattern, value in _PATTERNS)
"""Kind, pattern and the value in one form; None for a match that is none. In this order: what is read is gone."""
