"""From the last approval to the first live payment, and the look back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.contracts import lifecycle, moves
from bot.contracts.closing import closing
from bot.contracts.outlook import Outlook
from bot.contracts.reading import whole_history
from bot.contracts.refusals import NothingToChange, NotLiveYet
from storage.tables import CardStatus, ContractStatus
from tests.conftest import SettableClock
from tests.team import JUNHO, MINJI, Team

SEOUL = ZoneInfo("Asia/Seoul")


def opens(team: Team) -> None:
    team.write(lifecycle.record_opening, contract_id=team.contract_id)


def approves_everything(team: Team) -> None:
    team.is_ready_for_review()
    team.requests_review()
    team.records([card.card.id for card in team.state.cards], CardStatus.APPROVED)


def test_live_payments_begin_after_the_last_step(team: Team) -> None:
    team.starts()
    with pytest.raises(NotLiveYet):
        opens(team)

    approves_everything(team)
    opens(team)

    assert team.state.opened_on == date(2026, 11, 23)
    with pytest.raises(NothingToChange):
        opens(team)


def test_once_it_is_open_nothing_is_reminded_of_any_more(team: Team) -> None:
    team.starts()
    approves_everything(team)
    assert set(team.owed()) == {"going_live"}

    opens(team)

    assert team.owed() == {}


def test_a_step_that_has_to_be_done_again_takes_the_opening_back(team: Team) -> None:
    team.starts()
    approves_everything(team)
    opens(team)

    team.write(moves.reopen_step, "card_review", contract_id=team.contract_id)

    assert (team.state.status, team.state.opened_on) == (ContractStatus.ACTIVE, None)


def test_the_look_back_holds_each_step_against_what_is_usual(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.finishes("application")
    clock.set(datetime(2026, 11, 30, 10, 0, tzinfo=SEOUL))
    team.finishes("guidance", by=JUNHO)  # 2-3 business days are usual
    team.finishes("paperwork", "completion", "channel_setup", "development")
    team.requests_review()
    clock.set(datetime(2026, 12, 7, 10, 0, tzinfo=SEOUL))
    team.records([card.card.id for card in team.state.cards], CardStatus.APPROVED)
    clock.set(datetime(2026, 12, 8, 10, 0, tzinfo=SEOUL))
    opens(team)

    with team.database.reading() as session:
        state, rows = whole_history(team.contract_id, session=session, office=team.office, actor=team.actor())
    look_back = closing(Outlook.of(state, team.office), rows)

    steps = {step.step.id: step for step in look_back.steps}
    assert (steps["guidance"].business_days, steps["guidance"].late) == (5, 2)
    assert (steps["card_review"].business_days, steps["card_review"].late) == (5, 0)
    assert (look_back.business_days, look_back.days) == (11, 15)
    assert [share.user_id for share in look_back.people] == [MINJI, JUNHO], "who recorded most comes first"
    assert [step.id for step in look_back.people[1].steps] == ["guidance"]
