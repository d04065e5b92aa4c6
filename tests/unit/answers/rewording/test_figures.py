"""Figures are one, however they are written, and two where they differ."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.rewording.figures import FigureReader
from bot.answers.rewording.words import Words

READER = FigureReader(Words.load())
SAME = [
    ["3.20%", "3.20 %", "3.2 퍼센트", "3.2프로", "3.2 percent", "3.20 per cent"],
    ["20만 원", "200,000원", "200000 won", "이십만 원", "20만원", "200 thousand won"],
    ["5,000만 원", "50 million won", "50,000,000원", "오천만 원"],
    ["1억 5,000만 원", "150,000,000원", "150 million won"],
    ["2~3영업일", "2-3 영업일", "2 ~ 3영업일", "2～3영업일", "2–3 business days", "2 to 3 business days"],
    ["2~3영업일", "2영업일에서 3영업일", "between 2 and 3 business days", "2-3 working days"],
    ["3일", "사흘", "3 days", "three days"],
    ["1주", "일주일", "1주일", "1 week", "one week", "a week"],
    ["2024년 6월 30일", "2024-06-30", "2024.6.30", "30 June 2024", "June 30, 2024", "Jun 30th, 2024"],
    ["11월 25일", "11/25", "Nov 25", "25 November"],
    ["1월", "January", "in Jan"],
    ["월요일", "Monday", "Mon", "(월)"],
    ["오후 6시", "18:00", "6 p.m.", "6:00 pm"],
    ["오전 9시 30분", "09:30", "9:30 a.m.", "오전 9시 반"],
    ["아홉 곳", "9곳"],
    ["네 가지", "4가지"],
    ["주말", "weekends", "weekend"],
    ["1800-0678", "1800-0678"],
    ["02-1234-5678", "+82-2-1234-5678", "02 1234 5678", "02) 1234-5678"],
    ["https://admin.portone.io/", "admin.portone.io", "http://www.admin.portone.io"],
    ["3억 원 이하", "3억 원까지", "최대 3억 원", "up to 300 million won"],
    ["300원 이상", "at least 300 won", "최소 300원"],
]
DIFFERENT = [
    ("2~3영업일", "2~3일"),
    ("2~3영업일", "2~4영업일"),
    ("2~3영업일", "3영업일"),
    ("3.20%", "3.02%"),
    ("3.20%", "32.0%"),
    ("3.2%", "3.2%p"),
    ("20만 원", "20원"),
    ("20만 원", "20억 원"),
    ("3억 원 이하", "3억 원 이상"),
    ("30억 초과", "30억 미만"),
    ("3개월", "3주"),
    ("3 weeks", "3 months"),
    ("6월 30일", "7월 30일"),
    ("6월 30일", "6월 3일"),
    ("월요일", "화요일"),
    ("오전 9시", "오후 9시"),
    ("1800-0678", "1800-0687"),
    ("admin.portone.io", "admin.port0ne.io"),
    ("V1", "V2"),
    ("오늘", "내일"),
    ("주말", "평일"),
    ("네 가지", "다섯 가지"),
    ("중소1", "중소2"),
]
LISTS = [
    ("월 10만, 30만, 50만 원", "월 10만 원, 30만 원, 50만 원"),
    ("2.00, 2.15 and 2.40 %", "2.00 %, 2.15 % and 2.40 %"),
    ("3~5억 원", "3억~5억 원"),
    ("0.5-1 billion won", "0.5 billion to 1 billion won"),
    ("2배, 3배", "2배, 3배"),
]


def facts(text: str) -> list[tuple[str, str, str, str]]:
    return [figure.fact for figure in READER.read(text)]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_one_figure_has_many_spellings(spellings: list[str]) -> None:
    first = facts(spellings[0])

    assert len(first) == 1
    assert [facts(one) for one in spellings] == [first] * len(spellings)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_is_not_taken_for_the_same(one: str, other: str) -> None:
    assert facts(one) != facts(other)


@pytest.mark.parametrize(("short", "long"), LISTS)
def test_a_list_counts_the_same_throughout(short: str, long: str) -> None:
    assert facts(short) == facts(long)


@pytest.mark.parametrize(
    "text", ["네, 맞습니다.", "한번 확인해 보세요.", "주말고사", "초과한 만큼", "You may ask them again."]
)
def test_words_that_only_look_like_figures(text: str) -> None:
    assert [fact for fact in facts(text) if fact[0] in {"number", "date"}] == []


UNITS = {
    "원": "won",
    "%": "percent",
    "영업일": "business_day",
    "일": "day",
    "주": "week",
    "개월": "month",
    "곳": "place",
}
numbers = st.decimals(min_value=0, max_value=99_999_999, places=2, allow_nan=False)


@given(
    number=numbers, unit=st.sampled_from(list(UNITS)), space=st.booleans(), commas=st.booleans(), zeros=st.booleans()
)
def test_any_number_is_read_with_what_it_counts(
    number: Decimal, unit: str, space: bool, commas: bool, zeros: bool
) -> None:
    written = f"{number:,}" if commas else f"{number}"
    if not zeros and "." in written:
        written = written.rstrip("0").rstrip(".")

    [fact] = facts(f"요금은 {written}{' ' if space else ''}{unit}입니다")

    assert (Decimal(fact[1]), fact[2]) == (number, UNITS[unit])


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    figures = READER.read(text)

    assert all(one.end <= other.start for one, other in itertools.pairwise(figures))
