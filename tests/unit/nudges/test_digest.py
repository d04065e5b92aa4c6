"""One summary a week for a channel with an open contract: on Monday, or on the first day after it that is worked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.contracts import lifecycle
from bot.contracts.refusals import NothingToChange
from bot.nudges import muting
from bot.workspaces.changing import NewDay, Standing, put_day
from storage.tables import NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team
from tests.unit.nudges.test_sweep import make_rig


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


def digest_due(team: Team) -> datetime:
    return team.owed()["weekly_digest"].due_at


def test_it_is_owed_on_the_next_monday(team_on_both: Team) -> None:
    team_on_both.starts()

    assert digest_due(team_on_both) == at("2026-11-30 09:30")
    assert team_on_both.owed()["weekly_digest"].entry == 202649, "the ISO week is its key"


@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2026-10-01 10:00", "2026-10-06 09:30"),  # Monday the 5th is the substitute of 개천절
        ("2026-02-13 10:00", "2026-02-19 09:30"),  # 설: Monday to Wednesday
        ("2025-10-02 10:00", "2025-10-10 09:30"),  # 추석 and 한글날 leave only the Friday
        ("2026-12-31 10:00", "2027-01-04 09:30"),
    ],
)
def test_on_a_holiday_it_comes_on_the_next_business_day(
    team: Team, clock: SettableClock, started: str, due: str
) -> None:
    clock.set(at(started))
    team.starts()

    assert digest_due(team) == at(due)


def test_a_week_without_a_business_day_has_none(team: Team, clock: SettableClock) -> None:
    clock.set(at("2025-10-02 10:00"))
    team.write(put_day, NewDay(day=date(2025, 10, 10), note="징검다리 휴무"), standing=Standing.MEMBER)
    team.starts()

    assert digest_due(team) == at("2025-10-13 09:30")


async def test_it_comes_once_a_week_and_goes_on(team_on_both: Team, clock: SettableClock) -> None:
    team = team_on_both
    rig = make_rig(team.database, team, clock)
    for day in range(23, 31):
        await rig.tick_at(at(f"2026-11-{day} 09:30"))
        await rig.tick_at(at(f"2026-11-{day} 15:00"))

    sent = [row for row in team.ledger() if row.rule_id == "weekly_digest" and row.status == NudgeStatus.SENT]
    assert [row.entry for row in sent] == [202649]
    assert digest_due(team) == at("2026-12-07 09:30")


async def test_a_holiday_entered_for_monday_moves_it(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock)
    team.write(put_day, NewDay(day=date(2026, 11, 30), note="창립기념일"), standing=Standing.MEMBER)

    assert digest_due(team) == at("2026-12-01 09:30")
    await rig.tick_at(at("2026-12-01 09:30"))
    assert digest_due(team) == at("2026-12-07 09:30")


async def test_it_is_not_sent_twice_a_week_whatever_people_set(team: Team, clock: SettableClock) -> None:
    """Sent on a Tuesday since Monday was off, and then the holiday turns out to be a week later."""
    rig = make_rig(team.database, team, clock)
    team.write(put_day, NewDay(day=date(2026, 11, 30)), standing=Standing.MEMBER)
    await rig.tick_at(at("2026-12-01 09:30"))
    team.write(put_day, NewDay(day=date(2026, 11, 30), is_off=False), standing=Standing.MEMBER)
    clock.advance(timedelta(hours=1))
    team.write(muting.mute_contract, contract_id=team.contract_id)
    team.write(muting.unmute_contract, contract_id=team.contract_id)

    assert digest_due(team) == at("2026-12-07 09:30")


def test_a_paused_or_finished_contract_has_none(team: Team) -> None:
    team.starts()
    team.write(lifecycle.pause_contract, contract_id=team.contract_id)
    assert team.owed() == {}

    team.write(lifecycle.resume_contract, contract_id=team.contract_id)
    assert digest_due(team) == at("2026-11-30 09:30")

    team.is_ready_for_review()
    team.finishes("card_review")
    assert "weekly_digest" not in team.owed()


def test_muting_takes_everything_back_and_unmuting_owes_it_again(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()
    before = {rule: row.due_at for rule, row in team.owed().items()}

    change = team.write(muting.mute_contract, contract_id=team.contract_id)

    assert (change.after.nudges_muted, team.owed()) == (True, {})
    assert {row.closed_reason for row in team.ledger()} == {"muted"}
    with pytest.raises(NothingToChange):
        team.write(muting.mute_contract, contract_id=team.contract_id)

    team.write(muting.unmute_contract, contract_id=team.contract_id)
    assert {rule: row.due_at for rule, row in team.owed().items()} == before


def test_what_moves_on_while_muted_owes_nothing(team: Team) -> None:
    team.starts()
    team.write(muting.mute_contract, contract_id=team.contract_id)

    team.finishes("application")

    assert team.owed() == {}
