from __future__ import annotations

from datetime import date

import pytest

from bot.contracts import cards, moves
from bot.contracts.refusals import NothingToChange, NotYetPossible, UnknownCard
from bot.procedure.model import Turn
from storage.tables import CardStatus, ContractStatus
from tests.team import Team

TODAY = date(2026, 11, 23)


def statuses(team: Team) -> dict[str, CardStatus]:
    return {card.card.id: card.status for card in team.state.cards}


def test_the_review_cannot_be_requested_before_the_window_works(team: Team) -> None:
    team.starts()
    team.finishes("application", "guidance", "paperwork", "completion")

    with pytest.raises(NotYetPossible) as refused:
        team.requests_review()

    assert [step.id for step in refused.value.missing] == ["channel_setup", "development"]


def test_a_request_puts_every_card_company_in_review(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    assert team.state.turn_of(team.state.step("card_review")) is Turn.MERCHANT

    team.requests_review(on=TODAY)

    assert set(statuses(team).values()) == {CardStatus.IN_REVIEW}
    assert team.state.review_requested_on == TODAY
    assert team.state.turn_of(team.state.step("card_review")) is Turn.CARD_COMPANIES


def test_a_second_request_changes_nothing(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()

    with pytest.raises(NothingToChange):
        team.requests_review()


def test_one_approval_leaves_the_others_open(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()

    team.records(["shinhan"], CardStatus.APPROVED)

    assert [card.card.id for card in team.state.approved_cards] == ["shinhan"]
    assert len(team.state.undecided_cards) == 8
    assert team.state.status is ContractStatus.ACTIVE


def test_the_last_approval_ends_the_review_on_its_day(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    everyone = list(statuses(team))
    team.records(everyone[:1], CardStatus.NOT_WANTED)
    team.records(everyone[1:-1], CardStatus.APPROVED)

    change = team.records(everyone[-1:], CardStatus.APPROVED, on=TODAY)

    assert change.went_live
    assert team.state.step("card_review").done_on == TODAY


def test_taking_the_last_approval_back_opens_the_review_again(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    everyone = list(statuses(team))
    team.records(everyone[:-1], CardStatus.APPROVED)
    team.records(everyone[-1:], CardStatus.APPROVED)

    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    assert team.state.status is ContractStatus.ACTIVE
    assert [card.card.id for card in team.state.cards_in_review] == everyone[-1:]


def test_a_rejection_keeps_its_reason_and_can_be_requested_again(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    team.records(["hana"], CardStatus.REJECTED, reason="사이트 하단 정보가 다름")
    rejected = team.state.rejected_cards[0]
    assert (rejected.card.id, rejected.reason) == ("hana", "사이트 하단 정보가 다름")

    change = team.requests_review()

    assert change.cards == ("hana",)
    assert statuses(team)["hana"] is CardStatus.IN_REVIEW


def test_a_card_company_that_the_contract_lacks_is_refused(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()

    with pytest.raises(UnknownCard):
        team.records(["amex"], CardStatus.APPROVED)


def test_a_contract_without_card_payments_has_no_card_reviews(team: Team) -> None:
    team.starts(methods=("phone",))
    team.is_ready_for_review()

    assert team.state.cards == ()
    team.finishes("card_review")
    assert team.state.status is ContractStatus.LIVE


def test_a_board_records_each_companys_own_decision_as_one_change(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()

    change = team.write(
        cards.record_board,
        {"shinhan": CardStatus.APPROVED, "hana": CardStatus.REJECTED, "bc": CardStatus.NOT_WANTED},
        contract_id=team.contract_id,
    )

    assert set(change.cards) == {"shinhan", "hana", "bc"}
    assert [statuses(team)[card] for card in ("shinhan", "hana", "bc")] == ["approved", "rejected", "not_wanted"]
    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)
    assert set(statuses(team).values()) == {CardStatus.IN_REVIEW}, "taken back together"


def test_which_cards_are_wanted_can_be_said_from_the_first_day_on(team: Team) -> None:
    team.starts()

    team.write(cards.record_board, {"bc": CardStatus.NOT_WANTED}, contract_id=team.contract_id)
    with pytest.raises(NotYetPossible):
        team.write(cards.record_board, {"hana": CardStatus.APPROVED}, contract_id=team.contract_id)

    assert statuses(team)["bc"] is CardStatus.NOT_WANTED
    assert len(team.state.wanted_cards) == 8


def test_a_card_that_is_wanted_after_all_has_to_be_requested(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.records(["bc"], CardStatus.NOT_WANTED)
    team.requests_review()
    team.write(cards.record_board, {"bc": CardStatus.NOT_REQUESTED}, contract_id=team.contract_id)

    change = team.requests_review()

    assert change.cards == ("bc",)


def test_reasons_are_noted_for_rejected_companies_only(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()
    team.records(["hana", "bc"], CardStatus.REJECTED, on=TODAY)

    team.write(cards.note_rejections, {"hana": "하단 정보가 다름", "bc": ""}, contract_id=team.contract_id)

    assert {card.card.id: card.reason for card in team.state.rejected_cards} == {"hana": "하단 정보가 다름", "bc": ""}
    with pytest.raises(UnknownCard):
        team.write(cards.note_rejections, {"shinhan": "x"}, contract_id=team.contract_id)
    with pytest.raises(NothingToChange):
        team.write(cards.note_rejections, {"bc": ""}, contract_id=team.contract_id)
