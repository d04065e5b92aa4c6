"""The sweep against a scripted Slack: what is posted, what is asked, and what the ledger says afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.contracts import lifecycle
from bot.nudges.delivery import CannotReadBack, Delivery, Message, Outcome, Parcel
from bot.nudges.sweep import Sweep
from bot.office import Office
from storage.contracts import lock_contract
from storage.database import Database
from storage.nudges import mark_sent
from storage.tables import Nudge, NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team

SEOUL = ZoneInfo("Asia/Seoul")
DUE = datetime(2026, 11, 25, 9, 30, tzinfo=SEOUL)


@dataclass
class ScriptedCourier:
    """Answers each post with the next of `answers`, then always with success. `there` is what its history shows."""

    answers: list[Delivery] = field(default_factory=list)
    there: dict[str, str] = field(default_factory=dict)
    can_read: bool = True
    posted: list[tuple[str, ...]] = field(default_factory=list)
    looked_up: int = 0

    async def post(
        self, *, workspace_id: str, channel_id: str, public_ids: Sequence[str], message: Message, not_after: float
    ) -> Delivery:
        self.posted.append(tuple(public_ids))
        if self.answers:
            return self.answers.pop(0)
        return Delivery(Outcome.SENT, message_ts=f"{len(self.posted)}.000")

    async def find(
        self, *, workspace_id: str, channel_id: str, public_ids: Collection[str], since: datetime
    ) -> dict[str, str]:
        self.looked_up += 1
        if not self.can_read:
            raise CannotReadBack("missing_scope")
        return {one: self.there[one] for one in public_ids if one in self.there}


@dataclass
class Rig:
    team: Team
    clock: SettableClock
    courier: ScriptedCourier
    sweep: Sweep
    rendered: list[Parcel]

    async def tick_at(self, moment: datetime) -> None:
        self.clock.set(moment)
        await self.sweep.tick()

    def nudge(self) -> Nudge:
        return next(row for row in self.team.ledger() if row.rule_id == "application_idle")


def make_rig(database: Database, team: Team, clock: SettableClock, answers: Sequence[Delivery] = ()) -> Rig:
    rendered: list[Parcel] = []

    def render(parcel: Parcel) -> Message:
        rendered.append(parcel)
        return Message(text="a nudge", blocks=[])

    courier = ScriptedCourier(answers=list(answers))
    team.starts()
    return Rig(team, clock, courier, Sweep(database, team.office, renderer=render, courier=courier), rendered)


@pytest.fixture
def rig(team: Team, clock: SettableClock) -> Rig:
    return make_rig(team.database, team, clock)


async def test_nothing_is_posted_before_its_time(rig: Rig) -> None:
    await rig.tick_at(DUE - timedelta(minutes=1))

    assert rig.courier.posted == []


async def test_what_is_due_is_posted_once(team_on_both: Team, clock: SettableClock) -> None:
    rig = make_rig(team_on_both.database, team_on_both, clock)

    for _ in range(3):
        await rig.tick_at(DUE)

    assert len(rig.courier.posted) == 1
    assert (rig.nudge().status, rig.nudge().message_ts) == (NudgeStatus.SENT, "1.000")
    assert rig.courier.looked_up == 0


async def test_the_answer_to_a_post_and_slacks_own_word_of_it_do_not_block_each_other(
    postgres_url: str, office: Office, clock: SettableClock
) -> None:
    with Database(postgres_url) as database:
        rig = make_rig(database, Team(database, office), clock, [Delivery(Outcome.UNKNOWN)])
        await rig.tick_at(DUE)
        nudge = rig.nudge()
        with database.writing() as answered:
            lock_contract(session=answered, workspace_id=nudge.workspace_id, contract_id=nudge.contract_id)
            told = asyncio.create_task(rig.sweep.confirm(nudge.workspace_id, [nudge.public_id], "1.000"))
            while not await database.read(_somebody_waits):
                pass
            assert mark_sent(session=answered, nudge_id=nudge.id or 0, message_ts="1.000", now=DUE)
        await told

        assert (rig.nudge().status, rig.nudge().message_ts) == (NudgeStatus.SENT, "1.000")


def _somebody_waits(*, session: Session) -> bool:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return bool(session.connection().exec_driver_sql(waiting).scalar_one())


async def test_two_sweeps_at_once_post_once(team_on_both: Team, clock: SettableClock) -> None:
    rig = make_rig(team_on_both.database, team_on_both, clock)
    twin = Sweep(
        team_on_both.database,
        team_on_both.office,
        renderer=lambda _: Message("a nudge", []),
        courier=rig.courier,
    )
    clock.set(DUE)

    await asyncio.gather(rig.sweep.tick(), twin.tick())

    assert len(rig.courier.posted) == 1


async def test_sent_plans_the_next_reminder(rig: Rig) -> None:
    await rig.tick_at(DUE)

    assert rig.team.owed()["application_idle"].ordinal == 2


async def test_a_reason_that_is_gone_is_not_posted(rig: Rig) -> None:
    rig.clock.set(DUE)
    rig.team.write(lifecycle.close_contract, "", contract_id=rig.team.contract_id)

    await rig.sweep.tick()

    assert rig.courier.posted == []


async def test_what_falls_due_at_night_waits_for_the_morning(rig: Rig) -> None:
    """A process that was down from before the opening until the evening."""
    await rig.tick_at(DUE.replace(hour=19))
    assert rig.courier.posted == []

    await rig.tick_at(DUE.replace(day=26))
    assert len(rig.courier.posted) == 1


async def test_a_busy_slack_is_asked_again_when_it_says(team: Team, clock: SettableClock) -> None:
    busy = Delivery(Outcome.CHANNEL_BUSY, error="ratelimited", retry_after=timedelta(seconds=30))
    rig = make_rig(team.database, team, clock, [busy])

    await rig.tick_at(DUE)
    await rig.tick_at(DUE + timedelta(seconds=29))
    assert len(rig.courier.posted) == 1
    await rig.tick_at(DUE + timedelta(seconds=36))

    assert len(rig.courier.posted) == 2
    assert rig.nudge().status == NudgeStatus.SENT


async def test_an_unknown_outcome_is_read_back_and_not_posted_again(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock, [Delivery(Outcome.UNKNOWN, error="TimeoutError")])
    await rig.tick_at(DUE)
    assert rig.nudge().status == NudgeStatus.UNKNOWN
    rig.courier.there[rig.nudge().public_id] = "77.000"

    await rig.tick_at(DUE + timedelta(seconds=45))

    assert len(rig.courier.posted) == 1
    assert (rig.nudge().status, rig.nudge().message_ts) == (NudgeStatus.SENT, "77.000")


async def test_only_after_two_looks_is_it_posted_again(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock, [Delivery(Outcome.UNKNOWN, error="TimeoutError")])
    await rig.tick_at(DUE)

    await rig.tick_at(DUE + timedelta(seconds=45))
    assert len(rig.courier.posted) == 1
    await rig.tick_at(DUE + timedelta(seconds=45 + 180))

    assert len(rig.courier.posted) == 2
    assert rig.courier.looked_up == 2


async def test_what_cannot_be_read_back_is_never_posted_again(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock, [Delivery(Outcome.UNKNOWN, error="TimeoutError")])
    rig.courier.can_read = False
    await rig.tick_at(DUE)

    await rig.tick_at(DUE + timedelta(hours=1))

    assert len(rig.courier.posted) == 1
    assert (rig.nudge().status, rig.nudge().closed_reason) == (NudgeStatus.DEAD, "unverified")


async def test_a_channel_that_is_gone_ends_the_nudge(team: Team, clock: SettableClock) -> None:
    rig = make_rig(team.database, team, clock, [Delivery(Outcome.IMPOSSIBLE, error="is_archived")])

    await rig.tick_at(DUE)

    assert (rig.nudge().status, rig.nudge().closed_reason) == (NudgeStatus.DEAD, "is_archived")


async def test_a_sweep_that_died_while_posting_is_read_back(rig: Rig) -> None:
    async def dies(**_: object) -> Delivery:
        raise ConnectionAbortedError("the process is gone")

    post, rig.courier.post = rig.courier.post, dies  # type: ignore[method-assign, assignment]
    await rig.tick_at(DUE)
    assert rig.nudge().status == NudgeStatus.POSTING
    rig.courier.post = post  # type: ignore[method-assign]
    rig.courier.there[rig.nudge().public_id] = "78.000"

    await rig.tick_at(DUE + timedelta(minutes=2))

    assert rig.courier.posted == []
    assert rig.nudge().message_ts == "78.000"


async def test_what_is_long_overdue_is_looked_up_before_its_first_post(rig: Rig) -> None:
    """The database may have been restored from a backup taken before the post."""
    rig.courier.there[rig.nudge().public_id] = "79.000"

    await rig.tick_at(DUE + timedelta(hours=2))

    assert rig.courier.posted == []
    assert rig.nudge().message_ts == "79.000"


async def test_the_message_shows_the_contract_as_it_stands_at_delivery(rig: Rig) -> None:
    await rig.tick_at(DUE)

    parcel = rig.rendered[0]
    assert (parcel.outlook.state.merchant, parcel.nudges[0].step_id, parcel.outlook.today.isoformat()) == (
        "모모상점",
        "application",
        "2026-11-25",
    )
