"""What is due together for one contract travels as one message, and no row is lost or doubled on the way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.nudges.answering import snooze_until_tomorrow
from bot.nudges.delivery import Delivery, Message, Outcome
from bot.nudges.sweep import Sweep
from storage.nudges import claim_due
from storage.tables import Nudge, NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team
from tests.unit.nudges.test_sweep import Rig, make_rig

TOGETHER = datetime(2026, 11, 30, 9, 30, tzinfo=ZoneInfo("Asia/Seoul"))
UNKNOWN = Delivery(Outcome.UNKNOWN, error="TimeoutError")


def rig_with_two_due(team: Team, clock: SettableClock, answers: tuple[Delivery, ...] = ()) -> Rig:
    """A contract that started on a Thursday owes its first reminder on Monday, together with the week's digest."""
    clock.set(TOGETHER - timedelta(days=4))
    return make_rig(team.database, team, clock, answers)


def pair(rig: Rig) -> list[Nudge]:
    return [row for row in rig.team.ledger() if row.due_at == TOGETHER]


async def test_two_that_are_due_together_are_one_message(team_on_both: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team_on_both, clock)

    await rig.tick_at(TOGETHER)

    assert len(rig.courier.posted) == 1
    assert {nudge.rule.id for nudge in rig.rendered[0].nudges} == {"application_idle", "weekly_digest"}
    assert [(row.status, row.message_ts) for row in pair(rig)] == [(NudgeStatus.SENT, "1.000")] * 2
    assert rig.team.owed()["application_idle"].ordinal == 2
    assert rig.team.owed()["weekly_digest"].due_at == TOGETHER + timedelta(days=7)


async def test_two_sweeps_that_hold_one_each_post_one_message(team_on_both: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team_on_both, clock)
    twin = Sweep(
        team_on_both.database, team_on_both.office, renderer=lambda _: Message("a nudge", []), courier=rig.courier
    )
    clock.set(TOGETHER)
    halves = [claim(rig, token) for token in ("one", "other")]

    await asyncio.gather(
        rig.sweep._post(halves[0], "one"),  # as when the limit of a claim falls between the two rows
        twin._post(halves[1], "other"),
    )

    assert len(rig.courier.posted) == 1
    assert [row.status for row in pair(rig)] == [NudgeStatus.SENT] * 2


async def test_each_row_of_a_lost_message_is_found_by_its_own_id(team_on_both: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team_on_both, clock, (UNKNOWN,))
    await rig.tick_at(TOGETHER)
    assert [row.status for row in pair(rig)] == [NudgeStatus.UNKNOWN] * 2
    rig.courier.there |= dict.fromkeys(rig.courier.posted[0], "77.000")

    await rig.tick_at(TOGETHER + timedelta(seconds=45))

    assert len(rig.courier.posted) == 1
    assert [(row.status, row.message_ts) for row in pair(rig)] == [(NudgeStatus.SENT, "77.000")] * 2


async def test_a_message_that_never_arrived_goes_out_again_as_one(team: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team, clock, (UNKNOWN,))
    await rig.tick_at(TOGETHER)

    await rig.tick_at(TOGETHER + timedelta(seconds=45))
    await rig.tick_at(TOGETHER + timedelta(seconds=45 + 180))

    assert [len(ids) for ids in rig.courier.posted] == [2, 2]
    assert [row.status for row in pair(rig)] == [NudgeStatus.SENT] * 2


async def test_what_is_snoozed_between_claim_and_mark_is_left_out(team: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team, clock)
    clock.set(TOGETHER)
    claimed = claim(rig, "one", limit=2)
    await rig.sweep._database.write(snooze_row, claimed[0].id)

    await rig.sweep._post(claimed, "one")

    assert rig.courier.posted == [(claimed[1].public_id,)]


async def test_answering_one_of_them_leaves_the_other_open(team: Team, clock: SettableClock) -> None:
    rig = rig_with_two_due(team, clock)
    await rig.tick_at(TOGETHER)

    posted = team.write(snooze_until_tomorrow, rig.nudge().id, contract_id=team.contract_id)

    answered = {nudge.rule.id: nudge.answer is not None for nudge in posted.parcel.nudges}
    assert answered == {"application_idle": True, "weekly_digest": False}
    assert posted.message_ts == "1.000"


def claim(rig: Rig, token: str, *, limit: int = 1) -> list[Nudge]:
    with rig.team.database.writing() as session:
        return claim_due(
            session=session,
            now=rig.clock.now(),
            lease=timedelta(minutes=1),
            overdue=timedelta(minutes=30),
            limit=limit,
            token=token,
        )


def snooze_row(nudge_id: int, *, session: object) -> None:
    from storage.planning import move_nudge

    later = TOGETHER + timedelta(days=1)
    assert move_nudge(session=session, nudge_id=nudge_id, due_at=later, look_at=later, snoozed=True)  # type: ignore[arg-type]
