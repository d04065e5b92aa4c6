from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.dates import Toward, find_day, parse_day
from bot.answers.moments import parse_future

TUESDAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("오늘 메일 왔어요", "2026-11-24"),
        ("방금 신청했어요", "2026-11-24"),
        ("어제 냈어요", "2026-11-23"),
        ("그저께", "2026-11-22"),
        ("엊그제 보냈습니다", "2026-11-22"),
        ("사흘 전에", "2026-11-21"),
        ("3일 전", "2026-11-21"),
        ("삼일전에", "2026-11-21"),
        ("2주 전에", "2026-11-10"),
        ("일주일 전", "2026-11-17"),
        ("보름 전", "2026-11-09"),
        ("한 달 전", "2026-10-24"),
        ("지난주 금요일", "2026-11-20"),
        ("저번 주 금욜에", "2026-11-20"),
        ("이번 주 월요일", "2026-11-23"),
        ("지지난주 수요일", "2026-11-11"),
        ("월요일에 받았어요", "2026-11-23"),
        ("화요일에 받았어요", "2026-11-17"),
        ("지난 금요일", "2026-11-20"),
        ("지난달 25일", "2026-10-25"),
        ("3일에 냈어요", "2026-11-03"),
        ("28일에 냈어요", "2026-10-28"),
        ("11/3", "2026-11-03"),
        ("11.3에 왔어요", "2026-11-03"),
        ("11월 3일", "2026-11-03"),
        ("십일월 삼일", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("2026년 11월 3일", "2026-11-03"),
        ("26.11.03", "2026-11-03"),
        ("내일", "2026-11-25"),
        ("모레", "2026-11-26"),
        ("다음 주 월요일", "2026-11-30"),
        ("yesterday", "2026-11-23"),
        ("the day before yesterday", "2026-11-22"),
        ("two days ago", "2026-11-22"),
        ("a week ago", "2026-11-17"),
        ("last Friday", "2026-11-20"),
        ("on Monday", "2026-11-23"),
        ("Friday last week", "2026-11-20"),
        ("Nov 3", "2026-11-03"),
        ("November 3rd, 2026", "2026-11-03"),
        ("the 3rd of November", "2026-11-03"),
    ],
)
def test_the_day_that_a_message_names(text: str, day: str) -> None:
    assert parse_day(text, TUESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "메일 받았어요",
        "3일 걸려요",
        "3일 지났는데",
        "3일 전화했어요",
        "수수료 3.20%",
        "v1.2",
        "12:30",
        "2/30",
        "2/3 정도",
        "그제야",
        "may be",
    ],
)
def test_no_day_is_made_up(text: str) -> None:
    assert parse_day(text, TUESDAY) is None


def test_a_date_without_a_year_is_the_nearest_one() -> None:
    assert parse_day("12/28", date(2027, 1, 5)) == date(2026, 12, 28)
    assert parse_day("11/30", TUESDAY) == date(2026, 11, 30)


def test_the_first_of_two_days_counts_with_its_words() -> None:
    found = find_day("지난주 금요일에 내고 어제 받았어요", TUESDAY)

    assert found is not None
    assert (found.day, found.text) == (date(2026, 11, 20), "지난주 금요일")


@given(days, days, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y년 %m월 %d일", "%Y/%m/%d"]))
def test_a_full_date_is_read_as_it_is_written(day: date, today: date, pattern: str) -> None:
    assert parse_day(f"{day.strftime(pattern)}에 제출했습니다", today) == day


@given(days, st.integers(1, 300))
def test_days_ago_are_counted_back(today: date, count: int) -> None:
    assert parse_day(f"{count}일 전에 보냈어요", today) == today - timedelta(days=count)
    assert parse_day(f"{count} days ago", today) == today - timedelta(days=count)


@given(days, st.sampled_from("월화수목금토일"))
def test_a_weekday_lies_within_the_week_on_the_expected_side(today: date, weekday: str) -> None:
    past = find_day(f"{weekday}요일", today, Toward.PAST)
    future = find_day(f"{weekday}요일", today, Toward.FUTURE)

    assert past is not None
    assert future is not None
    assert past.day.weekday() == future.day.weekday() == "월화수목금토일".index(weekday)
    assert 1 <= (today - past.day).days <= 7
    assert 1 <= (future.day - today).days <= 7


@given(st.text(max_size=80) | st.from_regex(r"[0-9월일./ 전뒤주달년-]{0,20}", fullmatch=True), st.dates())
def test_no_text_is_too_strange_for_a_date(text: str, today: date) -> None:
    parse_day(text, today)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("내일 다시 알려줘", "2026-11-25 09:30"),
        ("3일 뒤에 알림 줘", "2026-11-27 09:30"),
        ("금요일 오전에 다시 물어봐줘", "2026-11-27 09:30"),
        ("다음 주 월요일 오후 3시 반", "2026-11-30 15:30"),
        ("모레 저녁 7시", "2026-11-26 19:00"),
        ("두 시간 뒤", "2026-11-24 14:00"),
        ("한 시간 반 뒤에", "2026-11-24 13:30"),
        ("30분 후", "2026-11-24 12:30"),
        ("3시에", "2026-11-24 15:00"),
        ("9시에", "2026-11-25 09:00"),
        ("11월 30일 오전 11시", "2026-11-30 11:00"),
        ("1월 5일", "2027-01-05 09:30"),
        ("tomorrow", "2026-11-25 09:30"),
        ("in two days", "2026-11-26 09:30"),
        ("in 2 hours", "2026-11-24 14:00"),
        ("next Monday at 3pm", "2026-11-30 15:00"),
    ],
)
def test_when_to_remind(text: str, moment: str) -> None:
    assert parse_future(text, NOON) == datetime.fromisoformat(moment).replace(tzinfo=NOON.tzinfo)


@pytest.mark.parametrize("text", ["", "메일 확인하라고 알림 걸어줘", "어제", "오늘 오전 9시", "0분 뒤", "99:99"])
def test_no_moment_that_is_past_or_unsaid(text: str) -> None:
    assert parse_future(text, NOON) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-9시분일뒤후오전내모레 :.]{0,16}", fullmatch=True), days)
def test_a_reminder_always_lies_ahead(text: str, today: date) -> None:
    now = datetime(today.year, today.month, today.day, 10, 0, tzinfo=ZoneInfo("Asia/Seoul"))
    moment = parse_future(text, now)

    assert moment is None or moment > now
