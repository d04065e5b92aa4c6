"""What is read twice and says the same is the same state; what says something new is another one."""

from __future__ import annotations

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from tests.team import CHANNEL, WORKSPACE, Team


def read(team: Team) -> ContractState:
    with team.database.reading() as session:
        found = contract_of_channel(CHANNEL, workspace_id=WORKSPACE, session=session, office=team.office)
    assert found is not None
    return found


def test_a_row_that_says_the_same_gives_the_same_state(team_on_both: Team) -> None:
    team_on_both.starts("우리 상점")

    assert read(team_on_both) is read(team_on_both)


def test_a_step_that_is_done_gives_another_one(team_on_both: Team) -> None:
    team_on_both.starts("우리 상점")
    before = read(team_on_both)

    team_on_both.finishes("application")

    assert not before.step("application").is_done
    assert read(team_on_both).step("application").is_done
