"""Rows that are missing come back; rows that nobody needs any more go."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from bot.nudges.metrics import Metrics
from bot.nudges.reconciler import Reconciler
from storage.ledger_counts import count_ledger
from storage.tables import Nudge, NudgeStatus
from tests.team import Team


@pytest.fixture
def reconciler(team_on_both: Team) -> Reconciler:
    return Reconciler(team_on_both.database, team_on_both.office, Metrics())


async def test_what_is_owed_and_not_planned_is_planned(team_on_both: Team, reconciler: Reconciler) -> None:
    team_on_both.starts()
    planned = team_on_both.owed().keys()
    with team_on_both.database.writing() as session:
        session.execute(delete(Nudge))

    assert await reconciler.run() == 1

    assert team_on_both.owed().keys() == planned
    assert await reconciler.run() == 0


async def test_what_is_planned_stays_as_it_is(team_on_both: Team, reconciler: Reconciler) -> None:
    team_on_both.starts()
    before = [(row.id, row.due_at, row.status) for row in team_on_both.ledger()]

    assert await reconciler.run() == 0

    assert [(row.id, row.due_at, row.status) for row in team_on_both.ledger()] == before


async def test_a_given_up_nudge_whose_reason_is_gone_is_let_go(team_on_both: Team, reconciler: Reconciler) -> None:
    team_on_both.starts()
    row = team_on_both.owed()["application_idle"]
    give_up(team_on_both, row)
    await reconciler.run()
    assert dead(team_on_both) == 1, "its reason holds"

    team_on_both.finishes("application")
    await reconciler.run()

    assert dead(team_on_both) == 0


def give_up(team: Team, row: Nudge, reason: str = "unverified") -> None:
    with team.database.writing() as session:
        session.execute(
            update(Nudge)
            .where(col(Nudge.id) == row.id)
            .values(status=NudgeStatus.DEAD, next_at=None, closed_reason=reason)
        )


def dead(team: Team) -> int:
    with team.database.reading() as session:
        counts = count_ledger(session=session, now=team.office.now())
    return counts.parked + counts.dead
