"""A team ticks off together what a step asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.contracts.checklists import TeamChecklists, ageing_papers, checklists_of, choose_kind, date_paper, tick
from bot.contracts.desk import Actor
from bot.contracts.lifecycle import pause_contract
from bot.contracts.reading import history
from bot.contracts.refusals import DayInTheFuture, IsPaused, NoContract, NothingToChange
from bot.procedure.model import BusinessKind
from tests.conftest import SettableClock
from tests.team import CHANNEL, JUNHO, MINJI, WORKSPACE, Team

PAPERS = "paperwork"
SEAL = "paper_seal_individual"


@pytest.fixture
def at_papers(team_on_both: Team) -> Team:
    team_on_both.starts()
    team_on_both.finishes("application", "guidance")
    return team_on_both


def writes(
    team: Team, use_case: object, *args: object, by: str = MINJI, step: str = PAPERS, **kwargs: object
) -> TeamChecklists:
    lists: TeamChecklists = team.write(
        use_case,
        *args,
        step_id=step,
        contract_id=team.contract_id,
        actor=team.actor(by),
        **kwargs,  # type: ignore[arg-type]
    )
    return lists


def seen(team: Team, step: str = PAPERS, actor: Actor | None = None) -> TeamChecklists:
    with team.database.reading() as session:
        found = checklists_of(
            step, contract_id=team.contract_id, session=session, office=team.office, actor=actor or team.actor()
        )
    assert found is not None
    return found


def test_everybody_sees_who_ticked_what_and_when(at_papers: Team, clock: SettableClock) -> None:
    writes(at_papers, tick, "paper_identity", by=JUNHO, ticked=True)

    lists = seen(at_papers)
    [item] = [one for one in lists.items if one.id == "paper_identity"]
    assert (lists.tick(item).by, lists.tick(item).at, lists.done) == (JUNHO, clock.now(), 1)

    assert writes(at_papers, tick, "paper_identity", ticked=False).done == 0
    with at_papers.database.reading() as session:
        page = history(at_papers.contract_id, session=session, office=at_papers.office, actor=at_papers.actor())
    assert [row.kind for row in page.rows[:2]] == ["unticked", "ticked"]


def test_whoever_is_slower_changes_nothing(at_papers: Team) -> None:
    writes(at_papers, tick, "paper_identity", by=JUNHO, ticked=True)

    with pytest.raises(NothingToChange):
        writes(at_papers, tick, "paper_identity", by=MINJI, ticked=True)
    assert seen(at_papers).ticks["paper_identity"].by == JUNHO


def test_the_kind_of_business_decides_on_the_papers(at_papers: Team) -> None:
    assert {item.only_for for item in seen(at_papers).items} == {None}

    lists = writes(at_papers, choose_kind, BusinessKind.CORPORATION)

    assert {item.only_for for item in lists.items} == {None, BusinessKind.CORPORATION}
    with pytest.raises(NoContract):
        writes(at_papers, tick, SEAL, ticked=True)


def test_all_papers_ticked_completes_the_list_and_a_paper_that_is_too_old_does_not(at_papers: Team) -> None:
    lists = writes(at_papers, choose_kind, BusinessKind.INDIVIDUAL)
    assert not lists.is_complete
    for item in [one for one in lists.items if not one.optional]:
        assert not lists.is_complete
        lists = writes(at_papers, tick, item.id, ticked=True)
    assert lists.is_complete

    assert not writes(at_papers, date_paper, SEAL, date(2026, 8, 22)).is_complete
    assert writes(at_papers, date_paper, SEAL, date(2026, 11, 20)).is_complete


@pytest.mark.parametrize(
    ("issued_on", "until", "too_old", "ageing"),
    [
        (date(2026, 8, 22), date(2026, 11, 22), True, False),
        (date(2026, 8, 23), date(2026, 11, 23), False, True),
        (date(2026, 9, 7), date(2026, 12, 7), False, True),
        (date(2026, 9, 8), date(2026, 12, 8), False, False),
        (date(2026, 8, 31), date(2026, 11, 30), False, True),
    ],
)
def test_a_certificate_is_accepted_for_three_months(
    at_papers: Team, issued_on: date, until: date, too_old: bool, ageing: bool
) -> None:
    writes(at_papers, choose_kind, BusinessKind.INDIVIDUAL)
    lists = writes(at_papers, date_paper, SEAL, issued_on)
    [item] = [one for one in lists.items if one.id == SEAL]

    assert (lists.valid_until(item), lists.is_too_old(item), lists.is_ageing(item)) == (until, too_old, ageing)


def test_somebody_is_told_before_a_paper_gets_too_old_until_the_papers_are_sent(
    at_papers: Team, clock: SettableClock
) -> None:
    writes(at_papers, choose_kind, BusinessKind.INDIVIDUAL)
    writes(at_papers, date_paper, SEAL, date(2026, 11, 20))

    def told() -> list[tuple[str, bool]]:
        with at_papers.database.reading() as session:
            papers = ageing_papers([at_papers.state], session=session, office=at_papers.office, workspace_id=WORKSPACE)
        return [(paper.item.id, paper.is_too_old) for paper in papers]

    assert told() == []
    clock.advance(timedelta(days=80))
    assert told() == [(SEAL, False)]
    clock.advance(timedelta(days=15))
    assert told() == [(SEAL, True)]
    at_papers.finishes(PAPERS)
    assert told() == []


def test_refusals(at_papers: Team) -> None:
    with pytest.raises(NoContract):
        writes(at_papers, tick, "no_such_item", ticked=True)
    with pytest.raises(NoContract):
        writes(at_papers, tick, "freeze_products", step="card_review", ticked=True)
    with pytest.raises(NoContract):
        writes(at_papers, date_paper, "paper_identity", date(2026, 11, 1))
    writes(at_papers, choose_kind, BusinessKind.INDIVIDUAL)
    with pytest.raises(DayInTheFuture):
        writes(at_papers, date_paper, SEAL, date(2026, 11, 24))
    for stranger in (
        Actor(WORKSPACE, MINJI, frozenset({"C0ELSEWHERE"})),
        Actor("T0OTHER", MINJI, frozenset({CHANNEL})),
    ):
        with pytest.raises(NoContract):
            seen(at_papers, actor=stranger)
        with pytest.raises(NoContract):
            at_papers.write(
                tick, "paper_identity", ticked=True, step_id=PAPERS, contract_id=at_papers.contract_id, actor=stranger
            )
    at_papers.write(pause_contract, contract_id=at_papers.contract_id)
    with pytest.raises(IsPaused):
        writes(at_papers, tick, "paper_identity", ticked=True)
