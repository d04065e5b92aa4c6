"""What operators watch."""

from __future__ import annotations

from datetime import timedelta
from math import nan

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from sqlmodel import col

from bot.nudges.metrics import Metrics
from storage.ledger_counts import count_ledger
from storage.tables import Nudge, NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team
from tests.unit.nudges.test_reconciler import give_up


def values(text: bytes) -> dict[str, float]:
    families = text_string_to_metric_families(text.decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def read(team: Team, metrics: Metrics) -> dict[str, float]:
    with team.database.reading() as session:
        counts = count_ledger(session=session, now=team.office.now())
    return values(metrics.text(counts, tick_age=nan))


def test_the_ledger_in_figures(team_on_both: Team, clock: SettableClock) -> None:
    team = team_on_both
    team.starts()
    owed = len(team.owed())
    first = team.owed()["application_idle"]
    metrics = Metrics()
    assert read(team, metrics)["nudge_open"] == owed
    assert read(team, metrics)["nudge_oldest_overdue_seconds"] == 0

    clock.set(first.due_at + timedelta(minutes=7))
    assert read(team, metrics)["nudge_oldest_overdue_seconds"] == 7 * 60
    with team.database.writing() as session:
        doubt = update(Nudge).where(col(Nudge.id) == first.id).values(status=NudgeStatus.UNKNOWN)
        session.execute(doubt)
    assert read(team, metrics)["nudge_unknown"] == 1
    give_up(team, first)
    assert read(team, metrics)["nudge_parked"] == 1
    give_up(team, first, "is_archived")

    figures = read(team, metrics)
    assert (figures["nudge_dead"], figures["nudge_parked"], figures["nudge_open"]) == (1, 0, owed - 1)


def test_two_assistants_in_a_process_count_apart() -> None:
    one, other = Metrics(), Metrics()

    one.posts.inc()

    assert (one.posts.count, other.posts.count) == (1, 0)
