"""Reminders that may not have arrived: people decide, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.contracts.refusals import NoContract, NothingToChange
from bot.nudges.lost import lost_nudges, send_again, take_as_received
from storage.tables import Nudge, NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team
from tests.unit.nudges.test_reconciler import give_up

RULE = "application_idle"
AT_NIGHT = datetime(2026, 11, 25, 21, 0, tzinfo=ZoneInfo("Asia/Seoul"))
NEXT_OPENING = datetime(2026, 11, 26, 9, 30, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture
def lost(team: Team) -> Nudge:
    team.starts()
    row = team.owed()[RULE]
    give_up(team, row)
    return row


def shown(team: Team) -> list[str]:
    with team.database.reading() as session:
        return [one.reason for one in lost_nudges(session=session, office=team.office, actor=team.actor())]


def test_it_is_shown_until_somebody_decides(team: Team, lost: Nudge) -> None:
    assert shown(team) == ["unverified"]

    team.write(take_as_received, [lost.id], contract_id=team.contract_id)

    assert shown(team) == []


def test_sent_again_it_is_owed_at_the_next_opening(team: Team, lost: Nudge, clock: SettableClock) -> None:
    clock.set(AT_NIGHT)

    team.write(send_again, [lost.id], contract_id=team.contract_id)

    assert team.owed()[RULE].id == lost.id
    assert team.owed()[RULE].due_at == NEXT_OPENING


def test_taken_as_received_the_rule_goes_on(team: Team, lost: Nudge) -> None:
    team.write(take_as_received, [lost.id], contract_id=team.contract_id)

    assert next(row.status for row in team.ledger() if row.id == lost.id) == NudgeStatus.SENT
    assert team.owed()[RULE].ordinal == 2


@pytest.mark.parametrize("second", [send_again, take_as_received])
def test_the_second_who_decides_changes_nothing(team: Team, lost: Nudge, second: object) -> None:
    team.write(take_as_received, [lost.id], contract_id=team.contract_id)

    with pytest.raises(NothingToChange):
        team.write(second, [lost.id], contract_id=team.contract_id)


def test_nothing_is_sent_again_for_a_step_that_is_done(team: Team, lost: Nudge) -> None:
    team.finishes("application")

    with pytest.raises(NothingToChange):
        team.write(send_again, [lost.id], contract_id=team.contract_id)
    assert shown(team) == []


def test_nobody_decides_for_another_channel(team: Team, lost: Nudge) -> None:
    stranger = team.actor(channel_id="C0OTHER")

    for deed in (send_again, take_as_received):
        with pytest.raises(NoContract):
            team.write(deed, [lost.id], contract_id=team.contract_id, actor=stranger)


def test_a_later_reminder_that_came_makes_it_nobodys_matter(team: Team, lost: Nudge, clock: SettableClock) -> None:
    clock.advance(timedelta(days=7))
    team.write(take_as_received, [lost.id], contract_id=team.contract_id)
    second = team.owed()[RULE]
    give_up(team, lost)
    give_up(team, second)
    assert len(shown(team)) == 2

    team.write(take_as_received, [second.id], contract_id=team.contract_id)

    assert shown(team) == []
