from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from bot.contracts import moves
from bot.contracts.desk import ChangeKind
from bot.contracts.lifecycle import pause_contract
from bot.contracts.reading import history
from bot.contracts.refusals import (
    AlreadyDone,
    ChangedSince,
    DayInTheFuture,
    DayTooEarly,
    DayTooLongAgo,
    IsPaused,
    NoContract,
    NotDone,
    NothingToTakeBack,
    NotYetPossible,
)
from storage.tables import CardStatus, ContractStatus, StepStatus
from tests.conftest import SettableClock
from tests.team import JUNHO, MINJI, Team

MONDAY = date(2026, 11, 23)


def status_of(team: Team, step_id: str) -> StepStatus:
    return team.state.step(step_id).status


def test_early_steps_can_be_worked_on_from_the_start(team: Team) -> None:
    team.starts()

    active = [step.step.id for step in team.state.active_steps]

    assert active == ["application", "channel_setup"]


def test_a_finished_step_opens_the_next_one_from_its_day(team: Team) -> None:
    team.starts()

    change = team.finishes("application", on=date(2026, 11, 20))

    assert change.after.step("application").done_on == date(2026, 11, 20)
    assert change.after.step("application").done_by == MINJI
    guidance = change.after.step("guidance")
    assert (guidance.status, guidance.active_on) == (StepStatus.ACTIVE, date(2026, 11, 20))


def test_a_step_cannot_be_done_tomorrow(team: Team) -> None:
    team.starts()

    with pytest.raises(DayInTheFuture) as refused:
        team.finishes("application", on=MONDAY + timedelta(days=1))

    assert refused.value.today == MONDAY
    assert status_of(team, "application") is StepStatus.ACTIVE


def test_a_day_of_years_ago_is_a_slip_of_the_pen(team: Team) -> None:
    team.starts()

    with pytest.raises(DayTooLongAgo):
        team.finishes("application", on=date(2020, 1, 1))


def test_a_step_cannot_end_before_the_one_it_follows(team: Team) -> None:
    team.starts()
    team.finishes("application", on=date(2026, 11, 20))

    with pytest.raises(DayTooEarly) as refused:
        team.finishes("guidance", on=date(2026, 11, 19))

    assert (refused.value.step.id, refused.value.earliest) == ("application", date(2026, 11, 20))


def test_a_step_that_waits_says_for_what(team: Team) -> None:
    team.starts()

    with pytest.raises(NotYetPossible) as refused:
        team.finishes("paperwork")

    assert [step.id for step in refused.value.missing] == ["application", "guidance"]
    assert status_of(team, "paperwork") is StepStatus.WAITING


def test_earlier_steps_can_be_finished_along(team: Team) -> None:
    team.starts()

    change = team.finishes("paperwork", with_earlier=True)

    assert change.steps == ("application", "guidance", "paperwork")
    assert change.after.current is not None
    assert change.after.current.step.id == "completion"


def test_the_second_person_hears_who_was_first(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()

    def press(user_id: str) -> str:
        try:
            team.finishes("application", by=user_id)
        except AlreadyDone as done:
            return f"{done.by} was first"
        return "recorded"

    with ThreadPoolExecutor(max_workers=2) as people:
        outcomes = list(people.map(press, [MINJI, JUNHO]))

    winner = team.state.step("application").done_by
    assert sorted(outcomes) == sorted(["recorded", f"{winner} was first"])


def test_somebody_of_another_channel_finds_no_contract(team: Team) -> None:
    team.starts()

    with pytest.raises(NoContract):
        team.write(
            moves.finish_step,
            "application",
            contract_id=team.contract_id,
            actor=team.actor(channel_id="C0ELSEWHERE"),
        )

    assert status_of(team, "application") is StepStatus.ACTIVE


def test_somebody_of_another_workspace_finds_no_contract(team: Team) -> None:
    team.starts()

    with pytest.raises(NoContract):
        team.write(
            moves.finish_step,
            "application",
            contract_id=team.contract_id,
            actor=team.actor(workspace_id="T0OTHER"),
        )


def test_a_paused_contract_does_not_move(team: Team) -> None:
    team.starts()
    team.write(pause_contract, contract_id=team.contract_id)

    with pytest.raises(IsPaused):
        team.finishes("application")


def test_taking_back_leaves_no_trace_but_the_history(team: Team) -> None:
    team.starts()
    before = team.state
    team.finishes("application")

    last = team.write(moves.last_change, contract_id=team.contract_id)
    change = team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    assert change.kind is ChangeKind.TAKEN_BACK
    assert team.state.steps == before.steps
    with team.database.reading() as session:
        rows = history(team.contract_id, session=session, office=team.office, actor=team.actor()).rows
    assert [row.kind for row in rows] == ["taken_back", "finished", "started"]


def test_steps_finished_along_are_taken_back_together(team: Team) -> None:
    team.starts()
    change = team.finishes("guidance", with_earlier=True)
    assert change.steps == ("application", "guidance")

    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    assert [step.step.id for step in team.state.active_steps] == ["application", "channel_setup"]


def test_each_change_is_taken_back_once_newest_first(team: Team) -> None:
    team.starts()
    team.finishes("application", "channel_setup")

    for expected in ("channel_setup", "application"):
        last = team.write(moves.last_change, contract_id=team.contract_id)
        assert last.rows[0].step_id == expected
        team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    with pytest.raises(NothingToTakeBack):
        team.write(moves.last_change, contract_id=team.contract_id)


def test_an_older_change_is_not_taken_back_from_under_a_newer_one(team: Team) -> None:
    team.starts()
    team.finishes("application")
    seen = team.write(moves.last_change, contract_id=team.contract_id)
    team.finishes("guidance")

    with pytest.raises(ChangedSince):
        team.write(moves.take_back, seen.change_id, contract_id=team.contract_id)

    assert status_of(team, "guidance") is StepStatus.DONE


def test_reopening_takes_the_steps_along_that_build_on_it(team: Team) -> None:
    team.starts()
    team.finishes("application", "guidance", "paperwork", "channel_setup")

    change = team.write(moves.reopen_step, "guidance", contract_id=team.contract_id)

    assert change.steps == ("guidance", "paperwork")
    state = team.state
    assert [step.step.id for step in state.steps if step.is_done] == ["application", "channel_setup"]
    assert state.step("guidance").entry == 2


def test_only_a_finished_step_can_be_reopened(team: Team) -> None:
    team.starts()

    with pytest.raises(NotDone):
        team.write(moves.reopen_step, "application", contract_id=team.contract_id)


def test_what_lies_before_a_reopening_is_not_taken_back(team: Team) -> None:
    team.starts()
    team.finishes("application", "guidance")
    team.write(moves.reopen_step, "guidance", contract_id=team.contract_id)

    with pytest.raises(NothingToTakeBack):
        team.write(moves.last_change, contract_id=team.contract_id)


def test_the_last_step_makes_the_contract_live(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    clock.advance(timedelta(days=14))

    change = team.finishes("card_review")

    assert change.went_live
    assert team.state.status is ContractStatus.LIVE
    assert {card.status for card in team.state.cards} == {CardStatus.APPROVED}
    assert set(team.owed()) == {"going_live"}


def test_a_live_contract_comes_back_when_its_last_step_is_taken_back(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    in_review = team.state.cards
    team.finishes("card_review")

    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    assert team.state.status is ContractStatus.ACTIVE
    assert team.state.cards == in_review
    assert "review_overdue" in team.owed()
