"""The words that name a day, each with what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from dateutil import parser
from dateutil.relativedelta import relativedelta

from bot.answers.dates import Day, Toward


def named_days(text: str, today: date, toward: Toward) -> Iterator[Day]:
    """Every reading of every day that `text` (lower case) names."""
    for pattern, meaning in _READERS:
        for match in pattern.finditer(text):
            day = _or_none(meaning, match, today, toward)
            if day is not None:
                yield Day(day, match.group().strip(), match.start())


_Meaning = Callable[[re.Match[str], date, Toward], date | None]


def _or_none(meaning: _Meaning, match: re.Match[str], today: date, toward: Toward) -> date | None:
    try:
        return meaning(match, today, toward)
    except (ValueError, OverflowError):  # February 30th, or a day before the calendar begins
        return None


_ONES = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "유": 6, "칠": 7, "팔": 8, "구": 9}
_NATIVE = {
    "한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "시": 10,  # 시월: October
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "couple of": 2, "a couple of": 2,
}  # fmt: skip
_SINO = "일이삼사오육칠팔구"
_NUMBER = rf"(?:\d{{1,3}}|[{_SINO}]?십[{_SINO}]?|[{_SINO}]|다섯|여섯|일곱|여덟|아홉|한|두|세|석|네|넉|열)"
_ENGLISH_NUMBER = r"(?:\d{1,3}|(?:a )?couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_DAY_WORDS = {
    "오늘": 0, "금일": 0, "방금": 0, "아까": 0, "좀 전": 0, "조금 전": 0,
    "어제": -1, "어저께": -1, "작일": -1, "간밤": -1, "어젯밤": -1, "엊저녁": -1, "엊그저녁": -2,
    "그제": -2, "그저께": -2, "엊그제": -2, "엊그저께": -2, "재작일": -2, "그끄저께": -3, "그끄제": -3,
    "내일": 1, "낼": 1, "명일": 1, "내일모레": 2, "내일 모레": 2, "낼모레": 2, "낼 모레": 2, "모레": 2, "글피": 3,
}  # fmt: skip
_ENGLISH_DAY_WORDS = {
    "today": 0, "just now": 0, "this morning": 0, "yesterday": -1, "last night": -1, "day before yesterday": -2,
    "tomorrow": 1, "tmr": 1, "tmrw": 1, "day after tomorrow": 2,
}  # fmt: skip
_DAYS_COUNTED = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10,
    "보름": 15,
}  # fmt: skip
_WEEKDAYS = "월화수목금토일"
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|s|nesday|r|rs|rsday|urday)?"
_WHOLE_ENGLISH_WEEKDAY = r"(mon|tues|wednes|thurs|fri|satur|sun)day"
_WEEKS = {
    "지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "요번": 0, "다음": 1, "담": 1, "다다음": 2,
    "last": -1, "this": 0, "next": 1,
}  # fmt: skip
_WEEK_WORD = r"(지지난|저저번|지난|저번|이번|요번|다다음|다음|담)"
_MONTHS = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_AGO = r"\s*(전(?![화체달자])|뒤|후|있다가|이따가|지나서)"
_NOT_A_DATE = r"(?!\d|%|\s*(?:%|퍼센트|프로|배|만\s*원|원|억|버전|정도|점|:|개|시))"


def _number(word: str) -> int:
    word = word.strip()
    if word.isdigit():
        return int(word)
    if (known := _NATIVE.get(word)) is not None:
        return known
    tens, ten, ones = word.rpartition("십")
    return (_ONES.get(tens, 1) * 10 if ten else 0) + _ONES.get(ones, 0)


def _day_word(match: re.Match[str], today: date, toward: Toward) -> date:
    return today + timedelta(days=_DAY_WORDS[match.group()])


def _english_day_word(match: re.Match[str], today: date, toward: Toward) -> date:
    return today + timedelta(days=_ENGLISH_DAY_WORDS[match.group()])


def _counted_days(match: re.Match[str], today: date, toward: Toward) -> date:
    return today + timedelta(days=_DAYS_COUNTED[match.group(1)] * _direction(match.group(2)))


def _ago(match: re.Match[str], today: date, toward: Toward) -> date:
    count = _number(match.group(1)) * _direction(match.group(3))
    unit = match.group(2)
    if unit == "일":
        return today + timedelta(days=count)
    if unit.startswith("주"):
        return today + timedelta(weeks=count)
    return today + relativedelta(months=count)


def _direction(word: str) -> int:
    return -1 if word in ("전", "ago", "before", "earlier") else 1


def _weekday_of_week(match: re.Match[str], today: date, toward: Toward) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS[match.group(1)], days=_WEEKDAYS.index(match.group(2)))


def _weekday_beside(match: re.Match[str], today: date, toward: Toward) -> date:
    """ "지난 금요일": the nearest one on that side; "이번 금요일": the one of this week."""
    weeks, weekday = _WEEKS[match.group(1)], _WEEKDAYS.index(match.group(2))
    return _weekday(weeks, weekday, today)


def _weekday(weeks: int, weekday: int, today: date) -> date:
    if weeks < 0:
        return _nearest_weekday(weekday, today, Toward.PAST) + timedelta(weeks=weeks + 1)
    return today + timedelta(weeks=weeks, days=weekday - today.weekday())


def _bare_weekday(match: re.Match[str], today: date, toward: Toward) -> date:
    return _nearest_weekday(_WEEKDAYS.index(match.group(1)), today, toward)


def _nearest_weekday(weekday: int, today: date, toward: Toward) -> date:
    ahead = (weekday - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead if toward is Toward.FUTURE else (ahead - 7) or -7)


def _full_date(match: re.Match[str], today: date, toward: Toward) -> date:
    year = int(match.group(1))
    return date(year if year > 99 else 2000 + year, int(match.group(2)), int(match.group(3)))


def _month_day(match: re.Match[str], today: date, toward: Toward) -> date | None:
    return _in_nearest_year(_number(match.group(1)), _number(match.group(2)), today, toward)


def _in_nearest_year(month: int, day: int, today: date, toward: Toward) -> date | None:
    """Looking ahead: the next such day. Looking back: the nearest, so that next week is not taken for last year."""
    years = range(today.year, today.year + 9) if toward is Toward.FUTURE else range(today.year - 1, today.year + 2)
    days = [one for year in years if (one := _date_or_none(year, month, day))]
    if toward is Toward.FUTURE:
        return next((one for one in days if one >= today), None)
    return min(days, key=lambda one: abs(one - today), default=None)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_month(match: re.Match[str], today: date, toward: Toward) -> date | None:
    months = {"지난": -1, "저번": -1, "이번": 0, "요번": 0, "다음": 1, "담": 1}
    return (today.replace(day=1) + relativedelta(months=months[match.group(1)])).replace(day=int(match.group(2)))


def _bare_day(match: re.Match[str], today: date, toward: Toward) -> date | None:
    """ "3일에": that day of this month, or of the nearest month on the expected side that has it."""
    for months in range(4):
        first = today.replace(day=1) + relativedelta(months=months * toward.value)
        day = _date_or_none(first.year, first.month, int(match.group(1)))
        if day and (day - today).days * toward.value >= 0:
            return day
    return None


def _english_ago(match: re.Match[str], today: date, toward: Toward) -> date:
    count = _number(match.group("count"))
    if match.groupdict().get("ago"):
        count = -count
    unit = match.group("unit")
    if unit == "day":
        return today + timedelta(days=count)
    return today + (timedelta(weeks=count) if unit == "week" else relativedelta(months=count))


def _english_weekday(match: re.Match[str], today: date, toward: Toward) -> date:
    weekday = _ENGLISH_WEEKDAYS.index(match.group(2))
    weeks = _WEEKS.get(match.group(1))
    return _nearest_weekday(weekday, today, toward) if weeks is None else _weekday(weeks, weekday, today)


def _bare_english_weekday(match: re.Match[str], today: date, toward: Toward) -> date:
    return _nearest_weekday(_ENGLISH_WEEKDAYS.index(match.group(1)[:3]), today, toward)


def _english_weekday_of_week(match: re.Match[str], today: date, toward: Toward) -> date:
    monday = today - timedelta(days=today.weekday())
    weekday = _ENGLISH_WEEKDAYS.index(match.group(1))
    return monday + timedelta(weeks=_WEEKS[match.group(2)], days=weekday)


def _english_date(match: re.Match[str], today: date, toward: Toward) -> date | None:
    written = parser.parse(re.sub(r"\bof\b", " ", match.group()), default=_FAR_LEAP_DAY)
    if written.year != _FAR_LEAP_DAY.year:
        return written.date()
    return _in_nearest_year(written.month, written.day, today, toward)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for the longest of the words that fits."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_FAR_LEAP_DAY = parser.isoparse("1604-01-01")  # a year nobody writes, to see whether one was written

_READERS: tuple[tuple[re.Pattern[str], _Meaning], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"(?<!\d)(20\d\d|\d\d)\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)\s*일?", _full_date),
        (rf"(?<![\d십])(\d{{1,2}}|십?[일이삼사오육유칠팔구]|십|시)\s*월\s*({_NUMBER})\s*일", _month_day),
        (rf"(?<![\d./v:-])(1[0-2]|0?[1-9])\s?/\s?(\d{{1,2}}){_NOT_A_DATE}(?!/)", _month_day),
        (rf"(?<![\d./v:-])(1[0-2]|0?[1-9])[.-](\d{{1,2}}){_NOT_A_DATE}(?![.-]\d)", _month_day),
        (r"(지난|저번|이번|요번|다음|담)\s*달\s*(\d{1,2})\s*일", _day_of_month),
        (
            r"(?<![\d월.,/~-])(?<!월 )(?<!달 )([0-3]?\d)\s*일(?=날|자로|부로|에(?![서만])|\s+(?:오전|오후|아침|저녁))",
            _bare_day,
        ),
        (rf"{_WEEK_WORD}\s*주\s*([{_WEEKDAYS}])(?:요일|욜)", _weekday_of_week),
        (rf"{_WEEK_WORD}\s*([{_WEEKDAYS}])(?:요일|욜)", _weekday_beside),
        (rf"([{_WEEKDAYS}])(?:요일|욜)", _bare_weekday),
        (rf"({_NUMBER})\s*(일|주일|주|달|개월){_AGO}", _ago),
        (rf"({_any_of(_DAYS_COUNTED)}){_AGO}", _counted_days),
        (_any_of(_DAY_WORDS.keys() - {"낼", "그제"}), _day_word),
        (r"그제(?![야서])|(?<![가-힣])낼(?=\s|까지|$)", _day_word),
        (rf"\b(?:{_any_of(_ENGLISH_DAY_WORDS)})\b", _english_day_word),
        (rf"\b(?P<count>{_ENGLISH_NUMBER})\s+(?P<unit>day|week|month)s?\s+(?P<ago>ago|earlier|back)\b", _english_ago),
        (rf"\b(?P<count>{_ENGLISH_NUMBER})\s+(?P<unit>day|week|month)s?\s+(?:from now|later)\b", _english_ago),
        (rf"\bin\s+(?P<count>{_ENGLISH_NUMBER})\s+(?P<unit>day|week|month)s?\b", _english_ago),
        (rf"\b{_WHOLE_ENGLISH_WEEKDAY}\b", _bare_english_weekday),
        (rf"\b(last|this|next|on|by|until)\s+{_ENGLISH_WEEKDAY}\b", _english_weekday),
        (rf"\b{_ENGLISH_WEEKDAY}\s+(?:of\s+)?(last|this|next)\s+week\b", _english_weekday_of_week),
        (rf"\b{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+20\d\d)?", _english_date),
        (rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTHS}(?:,?\s+20\d\d)?", _english_date),
    )
)
