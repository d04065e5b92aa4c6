"""What is kept with a contract, by which contracts are sorted, is what its steps and its card reviews say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.contracts import cards, lifecycle, moves
from bot.contracts.refusals import Refused
from bot.contracts.waiting import wrongly_kept
from bot.nudges.metrics import Metrics
from bot.nudges.reconciler import Reconciler
from bot.office import Office
from bot.overview import Look, Scope, overview
from bot.procedure.model import Turn
from bot.workspaces.people import Standing
from storage.tables import CardStatus, Contract, Progress
from tests.conftest import SettableClock
from tests.team import CHANNEL, JUNHO, MINJI, Team

STEPS = ("application", "guidance", "paperwork", "completion", "channel_setup", "development", "card_review")
CARDS = ("shinhan", "bc")
_channels = count()

Move = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def move(use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> Move:
    return use_case, args, kwargs


def take_the_last_back(*, contract_id: int, **where: Any) -> None:
    moves.take_back(moves.last_change(contract_id=contract_id, **where).change_id, contract_id=contract_id, **where)


moves_of_a_team = st.one_of(
    st.builds(
        lambda step, ago, earlier: move(
            moves.finish_step, step, on=date(2026, 11, 23) - timedelta(days=ago), with_earlier=earlier
        ),
        st.sampled_from(STEPS),
        st.integers(0, 9),
        st.booleans(),
    ),
    st.builds(lambda step: move(moves.reopen_step, step), st.sampled_from(STEPS)),
    st.builds(
        lambda card, decision: move(cards.record_card_decision, [card], decision),
        st.sampled_from(CARDS),
        st.sampled_from(CardStatus),
    ),
    st.sampled_from(
        [
            move(cards.request_review),
            move(take_the_last_back),
            move(lifecycle.assign_owner, JUNHO),
            move(lifecycle.pause_contract),
            move(lifecycle.resume_contract),
            move(lifecycle.record_opening),
            move(lifecycle.close_contract, "그만둬요"),
        ]
    ),
)


def wrong(team: Team, office: Office | None = None) -> list[tuple[str, int]]:
    with team.database.reading() as session:
        return wrongly_kept(after=0, limit=1000, session=session, office=office or team.office).wrong


READY_FOR_REVIEW = [move(moves.finish_step, step, with_earlier=True) for step in ("completion", "development")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([[], READY_FOR_REVIEW]),
    st.lists(moves_of_a_team, min_size=1, max_size=6),
    st.sampled_from([("card",), ("phone",)]),
)
def test_it_is_right_after_whatever_a_team_does(
    team: Team, before: list[Move], done: list[Move], methods: tuple[str, ...]
) -> None:
    channel_id = f"C{next(_channels)}"
    team.starts(channel_id=channel_id, methods=methods)
    for use_case, args, kwargs in before + done:
        try:
            team.write(use_case, *args, contract_id=team.contract_id, actor=team.actor(channel_id=channel_id), **kwargs)
        except Refused:
            continue
        assert wrong(team) == []


def test_it_is_right_along_the_whole_way(team: Team) -> None:
    def kept() -> tuple[str | None, date | None, bool]:
        with team.database.reading() as session:
            row = session.get_one(Contract, team.contract_id)
        return row.waits_at, None if row.waits_since == date.max else row.waits_since, row.waits_for_team

    monday, friday = date(2026, 11, 23), date(2026, 11, 20)
    team.starts()
    assert kept() == ("application", monday, True)
    team.finishes("application", on=friday)
    assert kept() == ("guidance", friday, False)
    team.finishes("completion", "development", with_earlier=True)
    assert kept() == ("card_review", monday, True)
    team.requests_review(on=friday)
    assert kept() == ("card_review", friday, False), "since the review was requested, for the card companies"
    team.write(take_the_last_back, contract_id=team.contract_id)
    assert kept() == ("card_review", monday, True)
    team.finishes("card_review")
    assert kept() == (None, None, False)
    team.write(moves.reopen_step, "development", contract_id=team.contract_id)
    assert kept() == ("development", monday, True)


async def test_what_an_older_version_has_written_is_found(team_on_both: Team, clock: SettableClock) -> None:
    """It knows nothing of these columns: a contract that it starts has what they are by themselves, one that it moves
    on has what it had."""
    team = team_on_both
    team.starts("이전 버전이 시작", channel_id="C1")
    with team.database.writing() as session:
        session.execute(update(Contract).values(waits_at=None, waits_since=date.max, waits_for_team=False))
    team.starts("이전 버전이 진행", channel_id="C2")
    with team.database.writing() as session:
        its = Progress.contract_id == team.contract_id, Progress.step_id == "application"
        session.execute(update(Progress).where(*its).values(active_on=date(2026, 11, 2)))
    team.starts("그만둔 곳", channel_id="C3")
    team.write(lifecycle.close_contract, "", contract_id=team.contract_id, actor=team.actor(channel_id="C3"))

    assert len(wrong(team)) == 2
    await Reconciler(team.database, team.office, Metrics()).run()

    assert wrong(team) == []
    with team.database.reading() as session:
        actor = team.actor(MINJI, channel_id=CHANNEL)
        actor = type(actor)(actor.workspace_id, actor.user_id, frozenset({"C1", "C2", "C3"}))
        seen = overview(
            Look(scope=Scope.MINE), session=session, office=team.office, actor=actor, standing=Standing.MEMBER
        )
    assert [state.merchant for state in seen.shown] == ["이전 버전이 진행", "이전 버전이 시작"]


async def test_what_a_changed_procedure_says_otherwise_is_found(team: Team, clock: SettableClock) -> None:
    team.starts()
    procedure = team.office.procedures["kg_mobilians"]
    first = procedure.steps[0].model_copy(update={"turn": Turn.PG})
    changed = procedure.model_copy(update={"steps": (first, *procedure.steps[1:])})
    after = Office({changed.id: changed}, clock)
    without = Office({}, clock)

    assert len(wrong(team, after)) == 1
    await Reconciler(team.database, after, Metrics()).run()

    assert wrong(team, after) == []
    assert wrong(team, without) == [], "whose procedure is gone, nobody sees"


@pytest.mark.parametrize("limit", [1, 2])
def test_the_pages_hold_every_contract_once(team: Team, limit: int) -> None:
    for number in range(3):
        team.starts(channel_id=f"C{number}")
    with team.database.writing() as session:
        session.execute(update(Contract).values(waits_for_team=False))

    found: list[tuple[str, int]] = []
    after: int | None = 0
    with team.database.reading() as session:
        while after is not None:
            page = wrongly_kept(after=after, limit=limit, session=session, office=team.office)
            found, after = found + page.wrong, page.last

    assert found == wrong(team)
    assert len(found) == 3
