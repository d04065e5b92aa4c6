"""Whom a reminder calls by name: nobody, then the owner, then the onboarding managers, unless somebody reacts."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.nudges import muting
from bot.nudges.answering import answer_not_yet, note_look
from bot.nudges.delivery import Parcel
from bot.procedure.reminders import Called
from bot.workspaces.changing import NewSettings, Standing, change_settings
from storage.tables import CardStatus
from tests.conftest import SettableClock
from tests.team import JUNHO, MINJI, Team
from tests.unit.nudges.test_sweep import Rig, make_rig

SORA = "U0SORA"
# application_idle of a contract that started on Monday 23 November: two business days, then 3, 3, 5, 10.
FIRST, SECOND, THIRD, FOURTH = "2026-11-25", "2026-11-30", "2026-12-03", "2026-12-10"


def at(day: str, hour: str = "09:30") -> datetime:
    return datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture
def rig(team: Team, clock: SettableClock) -> Rig:
    team.write(
        change_settings,
        NewSettings(
            zone="Asia/Seoul", opens=time(9, 30), closes=time(18), nudge_at=time(9, 30), managers=(JUNHO, SORA)
        ),
        standing=Standing.MEMBER,
    )
    return make_rig(team.database, team, clock)


async def sent_on(rig: Rig, day: str) -> Parcel:
    await rig.tick_at(at(day))
    parcel = rig.rendered[-1]
    assert "application_idle" in {nudge.rule.id for nudge in parcel.nudges}
    return parcel


def newest(rig: Rig) -> int:
    row = [row for row in rig.team.ledger() if row.rule_id == "application_idle" and row.message_ts][-1]
    assert row.id is not None
    return row.id


async def test_the_ladder(rig: Rig) -> None:
    assert (await sent_on(rig, FIRST)).calls == ()
    assert (await sent_on(rig, SECOND)).calls == (MINJI,)
    third = await sent_on(rig, THIRD)

    assert (third.urgency, set(third.calls)) == (Called.MANAGERS, {MINJI, JUNHO, SORA})


async def test_an_answer_starts_the_ladder_anew(rig: Rig) -> None:
    await sent_on(rig, FIRST)
    rig.team.write(answer_not_yet, newest(rig), contract_id=rig.team.contract_id)

    assert (await sent_on(rig, SECOND)).calls == ()
    assert (await sent_on(rig, THIRD)).calls == (MINJI,)


async def test_opening_the_window_of_a_nudge_is_a_reaction_too(rig: Rig) -> None:
    await sent_on(rig, FIRST)
    rig.team.write(note_look, newest(rig), contract_id=rig.team.contract_id)

    assert (await sent_on(rig, SECOND)).calls == ()


def review_asked_for_two_weeks_ago(rig: Rig) -> None:
    rig.team.is_ready_for_review()
    rig.team.requests_review(on=date(2026, 11, 9))


async def test_any_change_on_the_step_is_a_reaction(rig: Rig) -> None:
    """A card company's decision, recorded from the status message and not from the reminder."""
    review_asked_for_two_weeks_ago(rig)
    await rig.tick_at(at("2026-11-24"))
    rig.clock.set(at("2026-11-24", "11:00"))

    rig.team.records(["shinhan"], CardStatus.APPROVED)
    await rig.tick_at(at("2026-11-27"))

    assert [parcel.nudges[0].rule.id for parcel in rig.rendered] == ["review_overdue"] * 2
    assert [parcel.calls for parcel in rig.rendered] == [(), ()]


async def test_some_rules_call_the_managers_at_once(rig: Rig) -> None:
    review_asked_for_two_weeks_ago(rig)

    await rig.tick_at(at("2026-11-30"))

    urgency = {nudge.rule.id: parcel.urgency for parcel in rig.rendered for nudge in parcel.nudges}
    assert urgency["review_escalated"] is Called.MANAGERS


async def test_who_wants_quiet_is_not_called(rig: Rig) -> None:
    rig.team.write(muting.mute_person, actor=rig.team.actor(MINJI))
    rig.team.write(muting.mute_person, actor=rig.team.actor(SORA))
    await sent_on(rig, FIRST)

    assert (await sent_on(rig, SECOND)).calls == ()
    assert (await sent_on(rig, THIRD)).calls == (JUNHO,)
    rig.team.write(muting.unmute_person, actor=rig.team.actor(MINJI))
    assert set((await sent_on(rig, FOURTH)).calls) == {MINJI, JUNHO}


async def test_without_managers_the_owner_is_called_again(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock)
    for day in (FIRST, SECOND, THIRD):
        parcel = await sent_on(rig, day)

    assert parcel.calls == (MINJI,)
