from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nudges.calendar import BusinessCalendar, WorkingTime
from bot.procedure.reminders import Wait

SEOUL = BusinessCalendar(ZoneInfo("Asia/Seoul"), "KR")
NEW_YORK = BusinessCalendar(ZoneInfo("America/New_York"), "US")

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 1))
moments = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2028, 12, 1), timezones=st.just(UTC))
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
few_days = st.frozensets(days, max_size=40)
ZONES = ["Asia/Seoul", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    """Any hours in any zone, with days that somebody has entered."""
    opens, nudge_at, closes = sorted(draw(st.sets(hours, min_size=3, max_size=3)))
    working = WorkingTime(opens, closes, nudge_at, days_off=draw(few_days), days_on=draw(few_days))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return BusinessCalendar(zone, draw(st.sampled_from(["KR", "US", "AE"])), working)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL.zone)


@given(calendars(), moments)
def test_the_next_opening_is_open_and_not_earlier(calendar: BusinessCalendar, moment: datetime) -> None:
    opening = calendar.next_open(moment)

    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.next_open(opening) == opening


@given(calendars(), moments, moments)
def test_next_open_keeps_the_order(calendar: BusinessCalendar, one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])

    assert calendar.next_open(earlier) <= calendar.next_open(later)


@given(calendars(), moments)
def test_the_next_morning_is_on_a_later_day(calendar: BusinessCalendar, moment: datetime) -> None:
    morning = calendar.next_morning(moment)

    assert calendar.day_of(morning) > calendar.day_of(moment)
    assert calendar.is_business_day(calendar.day_of(morning))
    assert morning == calendar.nudge_time(calendar.day_of(morning))


@given(calendars(), days, st.integers(min_value=0, max_value=30))
def test_adding_and_counting_business_days_agree(calendar: BusinessCalendar, day: date, count: int) -> None:
    later = calendar.add_business_days(day, count)

    assert calendar.is_business_day(later)
    assert calendar.business_days_between(day, later) == count or (count == 0 and not calendar.is_business_day(day))


@given(calendars(), days, st.integers(min_value=0, max_value=60))
def test_a_wait_in_days_never_ends_early(calendar: BusinessCalendar, day: date, count: int) -> None:
    over = calendar.add(day, Wait(days=count))

    assert over >= day + timedelta(days=count)
    assert calendar.is_business_day(over)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-01-27", "임시공휴일"),
        ("2025-05-01", "근로자의 날"),
        ("2025-06-03", "대통령 선거일"),
        ("2025-10-08", "추석 대체공휴일"),
        ("2026-02-16", "설 연휴"),
        ("2026-05-01", "노동절"),
        ("2026-06-03", "지방선거일"),
        ("2026-07-17", "제헌절"),
        ("2026-08-17", "광복절 대체공휴일"),
        ("2026-10-05", "개천절 대체공휴일"),
        ("2026-12-25", "성탄절"),
        ("2027-02-09", "설 대체공휴일"),
        ("2027-05-03", "노동절 대체공휴일"),
        ("2027-07-19", "제헌절 대체공휴일"),
    ],
)
def test_korean_holidays_are_no_business_days(day: str, why: str) -> None:
    assert not SEOUL.is_business_day(date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24 09:29", "2026-11-24 09:30"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 18:00", "2026-11-25 09:30"),
        ("2026-11-27 18:00", "2026-11-30 09:30"),  # a Friday evening
        ("2026-12-24 20:00", "2026-12-28 09:30"),  # Christmas is a Friday
        ("2027-02-05 18:00", "2027-02-10 09:30"),  # the lunar new year with its substitute day
    ],
)
def test_opening_hours_in_seoul(moment: str, opens: str) -> None:
    assert SEOUL.next_open(seoul(moment)) == seoul(opens)


def test_the_opening_hour_is_local_on_both_sides_of_a_clock_change() -> None:
    before, after = NEW_YORK.opening(date(2026, 3, 6)), NEW_YORK.opening(date(2026, 3, 9))

    assert (before.hour, after.hour) == (14, 13)


def test_an_hour_that_comes_twice_means_the_first() -> None:
    early = BusinessCalendar(ZoneInfo("America/New_York"), "US", WorkingTime(opens=time(1, 30)))

    assert early.opening(date(2026, 11, 1)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_day_whose_whole_window_is_skipped_has_no_opening() -> None:
    """On 2026-03-08 New York's clocks go from 02:00 to 03:00."""
    sunday = date(2026, 3, 8)
    working = WorkingTime(time(2, 30), time(3, 0), time(2, 30), days_on=frozenset({sunday}))
    early = BusinessCalendar(ZoneInfo("America/New_York"), "US", working)

    assert early.day_of(early.next_open(datetime(2026, 3, 7, 20, tzinfo=UTC))) == date(2026, 3, 9)


def test_days_that_people_enter_go_before_the_calendar() -> None:
    founding_day, saturday, christmas = date(2026, 11, 30), date(2026, 12, 5), date(2026, 12, 25)
    working = WorkingTime(days_off=frozenset({founding_day}), days_on=frozenset({saturday, christmas}))
    ours = BusinessCalendar(ZoneInfo("Asia/Seoul"), "KR", working)

    assert [ours.is_business_day(day) for day in (founding_day, saturday, christmas)] == [False, True, True]
    assert ours.add_business_days(date(2026, 11, 27), 1) == date(2026, 12, 1)
    assert ours.business_days_between(date(2026, 12, 4), date(2026, 12, 7)) == 2


def test_the_weekend_is_that_of_the_country() -> None:
    israel = BusinessCalendar(ZoneInfo("Asia/Jerusalem"), "IL")

    assert (israel.is_business_day(date(2026, 11, 27)), israel.is_business_day(date(2026, 11, 29))) == (False, True)


def test_an_hour_that_the_clocks_skip_moves_forward() -> None:
    early = BusinessCalendar(ZoneInfo("America/New_York"), "US", WorkingTime(opens=time(2, 30)))

    assert early.opening(date(2026, 3, 8)).astimezone(early.zone).time() == time(3, 30)


def test_workspaces_are_spread_over_the_first_minutes_and_each_keeps_its_place() -> None:
    spread = BusinessCalendar(ZoneInfo("Asia/Seoul"), "KR", spread=timedelta(minutes=2))
    due = spread.nudge_time(date(2026, 11, 24))
    places = {f"T{number}": spread.look_at(due, f"T{number}") - due for number in range(1000)}

    assert all(timedelta() <= place < timedelta(minutes=2) for place in places.values())
    assert len(set(places.values())) > 100
    assert spread.look_at(due, "T7") - due == places["T7"]
    assert SEOUL.look_at(due, "T7") == due
