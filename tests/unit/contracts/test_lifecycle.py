from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from pydantic import ValidationError

from bot.contracts import lifecycle
from bot.contracts.reading import contract_of_channel, contracts_of
from bot.contracts.refusals import AlreadyStarted, NothingToChange, NotOpen
from storage.tables import ContractStatus
from tests.team import CHANNEL, JUNHO, WORKSPACE, Team


def test_a_channel_has_one_open_contract(team_on_both: Team) -> None:
    def start(merchant: str) -> str:
        try:
            return team_on_both.starts(merchant).after.merchant
        except AlreadyStarted as refused:
            return f"there is {refused.state.merchant}"

    with ThreadPoolExecutor(max_workers=2) as people:
        outcomes = list(people.map(start, ["가게", "나게"]))

    winner = next(one for one in outcomes if not one.startswith("there"))
    assert f"there is {winner}" in outcomes


def test_after_closing_the_channel_may_start_another(team: Team) -> None:
    team.starts("첫 가게")
    team.write(lifecycle.close_contract, "그만두기로 함", contract_id=team.contract_id)
    assert team.owed() == {}

    team.starts("둘째 가게")

    with team.database.reading() as session:
        state = contract_of_channel(CHANNEL, workspace_id=WORKSPACE, session=session, office=team.office)
    assert state is not None
    assert state.merchant == "둘째 가게"


def test_a_closed_contract_does_not_move(team: Team) -> None:
    team.starts()
    team.write(lifecycle.close_contract, "", contract_id=team.contract_id)

    with pytest.raises(NotOpen):
        team.finishes("application")


def test_pausing_takes_the_nudges_back_and_resuming_owes_them_again(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()
    team.finishes("application")
    owed_before = set(team.owed())
    assert "guide_mail_missing" in owed_before

    team.write(lifecycle.pause_contract, contract_id=team.contract_id)
    assert team.owed() == {}
    assert team.state.status is ContractStatus.PAUSED

    team.write(lifecycle.resume_contract, contract_id=team.contract_id)
    assert set(team.owed()) == owed_before


def test_resuming_what_runs_changes_nothing(team: Team) -> None:
    team.starts()

    with pytest.raises(NothingToChange):
        team.write(lifecycle.resume_contract, contract_id=team.contract_id)


def test_the_owner_can_be_changed(team: Team) -> None:
    team.starts()

    team.write(lifecycle.assign_owner, JUNHO, contract_id=team.contract_id)

    assert team.state.owner_id == JUNHO


def test_people_see_the_contracts_of_their_channels_only(team: Team) -> None:
    team.starts("우리 가게")
    team.starts("남의 가게", channel_id="C0OTHER")

    with team.database.reading() as session:
        seen = contracts_of(session=session, office=team.office, actor=team.actor())

    assert [state.merchant for state in seen] == ["우리 가게"]


def test_who_waits_longest_comes_first(team: Team) -> None:
    for number, day in enumerate([20, 18, 19]):
        team.starts(f"{day}일", channel_id=f"C{number}")
        actor = team.actor(channel_id=f"C{number}")
        from bot.contracts import moves

        team.write(moves.finish_step, "application", contract_id=team.contract_id, on=date(2026, 11, day), actor=actor)

    everyone = team.actor().__class__(WORKSPACE, "U1", frozenset({"C0", "C1", "C2"}))
    with team.database.reading() as session:
        seen = contracts_of(session=session, office=team.office, actor=everyone)

    assert [state.merchant for state in seen] == ["18일", "19일", "20일"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("merchant", "   "),
        ("merchant", "가" * 81),
        ("contact_email", "메일주소"),
        ("payment_methods", ()),
        ("site_url", "javascript:alert(1)"),
    ],
)
def test_what_makes_no_sense_is_named(field: str, value: object) -> None:
    filled_in = {
        "procedure_id": "kg_mobilians",
        "merchant": "모모",
        "payment_methods": ("card",),
        "owner_id": "U1",
        field: value,
    }
    with pytest.raises(ValidationError) as wrong:
        lifecycle.NewContract.model_validate(filled_in)

    assert wrong.value.errors()[0]["loc"][0] == field
