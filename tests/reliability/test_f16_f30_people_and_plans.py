"""People act while a nudge is on its way, planners meet, and code changes under a row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, text
from sqlmodel import col

from bot.contracts import moves
from bot.contracts.desk import Actor
from bot.nudges import planning as planner
from bot.nudges.answering import snooze_until_tomorrow
from storage import planning
from storage.database import Database
from storage.nudges import claim_statement, mark_sent
from storage.tables import Nudge, NudgeStatus
from tests.conftest import MONDAY_MORNING, SettableClock
from tests.reliability.desk import Desk
from tests.reliability.harness import RULE, STEP, WORKSPACE, assert_each_once, fill
from tests.team import Team


@pytest.mark.parametrize("deed", ["snooze", "cancel"])
async def test_f16_somebody_acts_between_the_claim_and_the_mark(
    desk_on_both: Desk, database_url: str, deed: str
) -> None:
    desk = desk_on_both
    desk.fill(1)
    claimed = desk.claim()
    later = desk.clock.now() + timedelta(days=1)
    with Database(database_url) as elsewhere, elsewhere.writing() as session:
        nudge_id = claimed[0].id or 0
        if deed == "snooze":
            assert planning.move_nudge(session=session, nudge_id=nudge_id, due_at=later, look_at=later, snoozed=True)
        else:
            assert planning.cancel_nudge(session=session, nudge_id=nudge_id, reason="reason_gone")

    await desk.sweep._post(claimed, "claimed")

    assert desk.slack.posts == []
    [nudge] = desk.nudges()
    wanted = (NudgeStatus.SCHEDULED, later) if deed == "snooze" else (NudgeStatus.CANCELLED, desk.clock.now())
    assert (nudge.status, nudge.due_at) == wanted


async def test_f14_a_claimer_frozen_for_longer_than_its_lease_takes_its_row_back(desk_on_both: Desk) -> None:
    """Another has claimed it meanwhile and not begun: the row must not count as two of which one is superseded."""
    desk = desk_on_both
    ids = desk.fill(1)
    mine = desk.claim("frozen")
    desk.clock.advance(timedelta(minutes=2))
    others = desk.claim("other")

    await desk.sweep._post(mine, "frozen")
    await desk.sweep._post(others, "other")

    assert_each_once(desk.slack, ids)
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.SENT]


def test_f17_a_snooze_pressed_twice_at_once_is_one_row(team_on_both: Team, clock: SettableClock) -> None:
    team = team_on_both
    team.starts()
    first = team.owed()[RULE]
    with team.database.writing() as session:
        session.execute(text("update nudge set status = 'posting' where id = :id"), {"id": first.id})
        mark_sent(session=session, nudge_id=first.id or 0, message_ts="1.0", now=clock.now())
    together = Barrier(2)

    def press(_: int) -> None:
        together.wait()
        team.write(snooze_until_tomorrow, first.id, contract_id=team.contract_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, range(2)))

    rows = [row for row in team.ledger() if row.rule_id == RULE]
    assert [row.status for row in rows] == [NudgeStatus.SENT, NudgeStatus.SCHEDULED]


def test_f18_sixteen_planners_write_one_row(database: Database) -> None:
    fill(database, 1, now=MONDAY_MORNING)
    together = Barrier(16)

    def plan(_: int) -> None:
        together.wait()
        with database.writing() as session:
            planning.plan_nudge(session=session, **row(1, ordinal=2))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(plan, range(16)))

    assert count_nudges(database) == 2


def test_f18_planning_ten_thousand_again_writes_nothing(database: Database) -> None:
    fill(database, 10_000, now=MONDAY_MORNING)

    with database.writing() as session:
        for number in range(1, 10_001):
            planning.plan_nudge(session=session, **row(number))

    assert count_nudges(database) == 10_000


async def test_f28_a_step_finished_after_the_claim_is_not_asked_for(desk_on_both: Desk) -> None:
    desk = desk_on_both
    desk.fill(1)
    claimed = desk.claim()
    finish(desk)

    await desk.sweep._post(claimed, "claimed")

    assert desk.slack.posts == []
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.CANCELLED]


async def test_f28_a_step_finished_while_the_message_is_on_its_way_shows_in_it(desk_on_both: Desk) -> None:
    desk = desk_on_both
    desk.fill(1)
    redrawn = []

    async def redraw(posted: Any) -> None:
        redrawn.append(posted)

    async def somebody_finishes() -> None:
        finish(desk)

    desk.slack.on_post = somebody_finishes
    desk.sweep._redraw = redraw

    await desk.sweep.tick()

    [outdated] = redrawn
    assert outdated.message_ts == desk.slack.posts[0].ts
    assert [nudge.is_settled for nudge in outdated.parcel.nudges] == [True]


async def test_f29_sent_and_the_next_reminder_are_written_together_or_not_at_all(
    desk_on_both: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_both
    ids = desk.fill(1)

    def crash(*_: object, **__: object) -> None:
        raise ConnectionAbortedError("the process is gone between the two statements")

    with monkeypatch.context() as broken:
        broken.setattr(planner, "plan", crash)
        await desk.sweep.tick()
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.POSTING], "neither of them"
    assert count_nudges(desk.database) == 1

    await desk.tick_for(timedelta(minutes=10))
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.SENT]
    assert count_nudges(desk.database, ordinal=2) == 1
    assert_each_once(desk.slack, ids)


async def test_f30_a_rule_that_a_new_version_does_not_know_keeps_its_row(desk: Desk) -> None:
    desk.fill(1)
    with desk.database.writing() as session:
        session.execute(text("update nudge set rule_id = 'a_rule_of_last_year'"))

    await desk.tick_for(timedelta(minutes=10))

    with desk.database.reading() as session:
        rows = session.execute(select(Nudge).where(col(Nudge.rule_id) == "a_rule_of_last_year")).scalars().all()
    assert [(one.status, one.closed_reason) for one in rows] == [(NudgeStatus.DEAD, "unknown_rule")]
    assert desk.slack.posts == []


async def test_f30_a_text_that_cannot_be_made_is_given_up_with_a_reason(desk: Desk) -> None:
    def renamed(_: object) -> None:
        raise AttributeError("the function has another name in this version")

    desk.sweep.guard = replace(desk.sweep.guard, renderer=renamed)
    desk.fill(1)

    await desk.tick_for(timedelta(minutes=10))

    assert [(one.status, one.closed_reason) for one in desk.nudges()] == [(NudgeStatus.DEAD, "cannot_render")]
    [card] = desk.slack.posts
    assert "저희 쪽 문제" in card.text


def test_f31_the_claim_keeps_to_the_index(database: Database) -> None:
    fill(database, 20_000, now=MONDAY_MORNING, due_in=timedelta(days=30))
    with database.writing() as session:
        session.execute(text("analyze nudge"))
    with database.writing() as session:
        compiled = claim_statement(shared_clock=database.has_shared_clock).compile(session.connection())
        given = {**compiled.params, "now": 0, "lease": 1, "overdue": 1, "most": 100, "token": "t", "last_look": 1}
        explain = "explain " if database.has_shared_clock else "explain query plan "
        values: Any = tuple(given[name] for name in compiled.positiontup) if compiled.positional else given
        plan = session.connection().exec_driver_sql(explain + str(compiled), values)
        lines = " ".join(str(line) for line in plan)

    assert "nudge_next" in lines
    assert "Seq Scan on nudge " not in lines


def test_f31_replicas_pass_each_other_on_postgresql(database: Database) -> None:
    """SQLAlchemy leaves the clause out on SQLite without a word, so it is looked for where it must be."""
    statement = str(claim_statement(shared_clock=database.has_shared_clock).compile(database.engine))

    assert ("FOR UPDATE SKIP LOCKED" in statement) == database.has_shared_clock
    assert ("clock_timestamp()" in statement) == database.has_shared_clock
    assert statement.count("UPDATE nudge") == 1


def row(number: int, *, ordinal: int = 1) -> dict[str, Any]:
    return {
        "workspace_id": WORKSPACE,
        "contract_id": number,
        "channel_id": f"C{number}",
        "rule_id": RULE,
        "step_id": STEP,
        "entry": 1,
        "ordinal": ordinal,
        "counted_on": date(2026, 11, 23),
        "due_at": MONDAY_MORNING,
        "look_at": MONDAY_MORNING,
    }


def count_nudges(database: Database, *, ordinal: int | None = None) -> int:
    counted = select(func.count()).select_from(Nudge).where(col(Nudge.rule_id) == RULE)
    if ordinal is not None:
        counted = counted.where(col(Nudge.ordinal) == ordinal)
    with database.reading() as session:
        return int(session.execute(counted).scalar_one())


def finish(desk: Desk) -> None:
    actor = Actor(WORKSPACE, "U1", frozenset({"C1"}))
    with desk.database.writing() as session:
        moves.finish_step(STEP, contract_id=1, session=session, office=desk.office, actor=actor, on=None)
