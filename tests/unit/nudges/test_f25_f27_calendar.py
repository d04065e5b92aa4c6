"""Acceptance cases F25 to F27: messages come when people are at work, whatever happened in between."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.nudges.calendar import BusinessCalendar, WorkingTime
from bot.workspaces.changing import NewDay, NewSettings, Standing, change_settings, put_day, remove_day
from storage.tables import SpecialDay
from tests.conftest import SettableClock
from tests.team import MINJI, WORKSPACE, Team
from tests.unit.nudges.test_sweep import make_rig

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def settings(**changed: object) -> NewSettings:
    usual = {"zone": "Asia/Seoul", "opens": time(9, 30), "closes": time(18), "nudge_at": time(9, 30)}
    return NewSettings.model_validate({**usual, "managers": (MINJI,), **changed})


async def test_f25_down_over_the_closing_hour(team_on_both: Team, clock: SettableClock) -> None:
    team = team_on_both
    team.write(change_settings, settings(nudge_at=time(17, 55)), standing=Standing.MEMBER)
    rig = make_rig(team.database, team, clock)
    assert rig.nudge().due_at == seoul("2026-11-25 17:55")

    await rig.tick_at(seoul("2026-11-25 22:00"))
    assert rig.courier.posted == []
    await rig.tick_at(seoul("2026-11-26 09:29"))
    assert rig.courier.posted == []
    for minute in (30, 31, 32):
        await rig.tick_at(seoul(f"2026-11-26 09:{minute}"))

    assert len(rig.courier.posted) == 1


async def test_f26_a_holiday_entered_after_planning_moves_what_is_planned(
    team_on_both: Team, clock: SettableClock
) -> None:
    team = team_on_both
    rig = make_rig(team.database, team, clock)
    assert rig.nudge().due_at == seoul("2026-11-25 09:30")

    _, moved = team.write(put_day, NewDay(day=date(2026, 11, 25), note="창립기념일"), standing=Standing.MEMBER)

    assert (moved, rig.nudge().due_at) == (1, seoul("2026-11-26 09:30"))
    await rig.tick_at(seoul("2026-11-25 12:00"))
    assert rig.courier.posted == []
    await rig.tick_at(seoul("2026-11-26 09:30"))
    assert len(rig.courier.posted) == 1


async def test_f26_a_holiday_that_only_the_dispatch_sees(team_on_both: Team, clock: SettableClock) -> None:
    """Written by another version, or by hand: nothing was planned anew, and still nobody is disturbed."""
    team = team_on_both
    rig = make_rig(team.database, team, clock)
    with team.database.writing() as session:
        session.add(
            SpecialDay(
                workspace_id=WORKSPACE, day=date(2026, 11, 25), is_off=True, entered_by=MINJI, entered_at=clock.now()
            )
        )

    await rig.tick_at(seoul("2026-11-25 09:30"))
    assert rig.courier.posted == []
    await rig.tick_at(seoul("2026-11-26 09:30"))

    assert len(rig.courier.posted) == 1


def test_f26_removing_the_holiday_moves_it_back(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()
    off = date(2026, 11, 24)
    team.write(put_day, NewDay(day=off), standing=Standing.MEMBER)
    assert team.owed()["application_idle"].due_at == seoul("2026-11-26 09:30")

    team.write(remove_day, off, standing=Standing.MEMBER)

    assert team.owed()["application_idle"].due_at == seoul("2026-11-25 09:30")


def test_f26_a_working_saturday_counts(team: Team, clock: SettableClock) -> None:
    clock.set(seoul("2026-12-03 10:00"))
    team.starts()
    assert team.owed()["application_idle"].due_at == seoul("2026-12-07 09:30")

    team.write(put_day, NewDay(day=date(2026, 12, 5), is_off=False, note="보충 근무"), standing=Standing.MEMBER)

    assert team.owed()["application_idle"].due_at == seoul("2026-12-05 09:30")


def test_changing_zone_and_hours_moves_what_is_planned(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()

    team.write(
        change_settings,
        settings(zone="America/New_York", opens=time(8), closes=time(16), nudge_at=time(8, 15)),
        standing=Standing.MEMBER,
    )

    # It was Monday morning in Seoul and Sunday evening in New York; the contract's days were written down in Seoul.
    assert team.owed()["application_idle"].due_at == datetime(2026, 11, 25, 8, 15, tzinfo=NEW_YORK)
    assert team.state.zone == "America/New_York"


def test_what_was_put_off_stays_on_its_day(team: Team, clock: SettableClock) -> None:
    """Fiddling with the settings on the morning of a reminder must not push it to the next day."""
    team.starts()
    clock.set(seoul("2026-11-25 09:00"))

    team.write(change_settings, settings(nudge_at=time(10)), standing=Standing.MEMBER)
    assert team.owed()["application_idle"].due_at == seoul("2026-11-25 10:00")
    clock.advance(timedelta(minutes=59))
    team.write(change_settings, settings(), standing=Standing.MEMBER)

    assert team.owed()["application_idle"].due_at == seoul("2026-11-25 09:59")


@pytest.mark.parametrize(
    ("counted_on", "business_days", "due", "why"),
    [
        ("2025-04-29", 2, "2025-05-02 09:30", "근로자의 날 2025 is a Thursday"),
        ("2026-04-29", 2, "2026-05-04 09:30", "노동절 2026 is a Friday"),
        ("2027-04-29", 2, "2027-05-04 09:30", "노동절 2027 is a Saturday, its substitute a Monday"),
        ("2025-10-02", 1, "2025-10-10 09:30", "개천절, 추석 with its substitute, 한글날"),
        ("2026-09-23", 1, "2026-09-28 09:30", "추석 2026, Thursday to Saturday"),
        ("2026-02-13", 2, "2026-02-20 09:30", "설 2026, Monday to Wednesday"),
        ("2027-02-05", 1, "2027-02-10 09:30", "설 2027 with its substitute on Tuesday"),
        ("2026-07-16", 1, "2026-07-20 09:30", "제헌절 2026 is a Friday again"),
        ("2027-07-16", 1, "2027-07-20 09:30", "제헌절 2027 is a Saturday, its substitute a Monday"),
        ("2026-06-02", 1, "2026-06-04 09:30", "지방선거일"),
        ("2025-06-02", 1, "2025-06-04 09:30", "대통령 선거일"),
    ],
)
def test_f27_due_times_in_seoul(counted_on: str, business_days: int, due: str, why: str) -> None:
    calendar = BusinessCalendar(SEOUL, "KR")
    day = calendar.add_business_days(date.fromisoformat(counted_on), business_days)

    assert calendar.nudge_time(day) == seoul(due), why


@pytest.mark.parametrize(
    ("counted_on", "due"),
    [
        ("2026-03-05", "2026-03-06T14:30+00:00"),  # Eastern standard time
        ("2026-03-06", "2026-03-09T13:30+00:00"),  # the clocks went forward on Sunday
        ("2026-10-29", "2026-10-30T13:30+00:00"),  # daylight time
        ("2026-10-30", "2026-11-02T14:30+00:00"),  # the clocks went back on Sunday
    ],
)
def test_f27_due_times_around_the_clock_changes_in_new_york(counted_on: str, due: str) -> None:
    calendar = BusinessCalendar(NEW_YORK, "US", WorkingTime())
    day = calendar.add_business_days(date.fromisoformat(counted_on), 1)

    assert calendar.nudge_time(day) == datetime.fromisoformat(due)
