"""The way of a contract in days: whose turn it was, and when."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.contracts.export import as_csv
from bot.contracts.outlook import Outlook
from bot.contracts.reading import history, whole_history
from bot.contracts.timeline import timeline
from bot.procedure.model import Turn
from bot.texts.catalogue import Catalogues
from storage.tables import CardStatus
from tests.conftest import SettableClock
from tests.team import JUNHO, Team

SEOUL = ZoneInfo("Asia/Seoul")


def spans(team: Team, step_id: str) -> list[tuple[date, date, Turn]]:
    seen = timeline(Outlook.of(team.state, team.office))
    row = next(row for row in seen.steps if row.step.id == step_id)
    return [(span.first, span.last, span.turn) for span in row.spans]


def test_a_step_lasts_from_the_day_it_could_be_worked_on(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.finishes("application")
    clock.set(datetime(2026, 11, 26, 10, 0, tzinfo=SEOUL))
    team.finishes("guidance")

    seen = timeline(Outlook.of(team.state, team.office))

    assert spans(team, "guidance") == [(date(2026, 11, 23), date(2026, 11, 26), Turn.PG)]
    assert next(row.business_days for row in seen.steps if row.step.id == "guidance") == 3
    assert spans(team, "card_review") == []
    assert (seen.first, seen.last, seen.is_over) == (date(2026, 11, 23), date(2026, 11, 26), False)


def test_the_card_review_is_the_teams_turn_until_it_is_requested(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.is_ready_for_review()
    clock.set(datetime(2026, 11, 25, 10, 0, tzinfo=SEOUL))
    team.requests_review()
    clock.set(datetime(2026, 12, 7, 10, 0, tzinfo=SEOUL))
    team.records([card.card.id for card in team.state.cards[:-1]], CardStatus.APPROVED)
    team.records([team.state.cards[-1].card.id], CardStatus.NOT_WANTED)

    assert spans(team, "card_review") == [
        (date(2026, 11, 23), date(2026, 11, 24), Turn.MERCHANT),
        (date(2026, 11, 25), date(2026, 12, 7), Turn.CARD_COMPANIES),
    ]
    seen = timeline(Outlook.of(team.state, team.office))
    assert len(seen.cards) == 8, "a company that was not wanted is left out"
    assert seen.is_over


def test_weekends_and_holidays_are_known(team: Team, clock: SettableClock) -> None:
    team.starts()
    clock.set(datetime(2026, 12, 28, 10, 0, tzinfo=SEOUL))

    off = timeline(Outlook.of(team.state, team.office)).days_off

    assert {date(2026, 11, 28), date(2026, 12, 25)} <= off
    assert date(2026, 12, 24) not in off


def test_a_sheet_names_people_and_says_how_long_steps_took(team: Team, clock: SettableClock, texts: Catalogues) -> None:
    team.starts()
    team.finishes("application")
    clock.set(datetime(2026, 11, 30, 10, 0, tzinfo=SEOUL))
    team.finishes("guidance", by=JUNHO)
    with team.database.reading() as session:
        state, rows = whole_history(team.contract_id, session=session, office=team.office, actor=team.actor())

    sheet = as_csv([(Outlook.of(state, team.office), rows)], say=texts.speaker("ko"), names={JUNHO: "박준호"})

    read = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"))))
    guidance = next(row for row in read if (row["row"], row["what"]) == ("step", "guidance"))
    assert (guidance["title"], guidance["by"]) == ("계약 안내 받기", "박준호")
    assert (guidance["expected"], guidance["business_days"]) == ("2026-11-26", "5")
    assert guidance["at"] == "2026-11-30T10:00:00+09:00"


def test_history_is_turned_page_by_page_in_both_directions(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()  # seven rows in all

    def page(**where: int) -> tuple[list[int], bool, bool]:
        with team.database.reading() as session:
            found = history(team.contract_id, session=session, office=team.office, actor=team.actor(), limit=3, **where)
            ids = [row.id for row in found.rows if row.id is not None]
        return ids, found.has_newer, found.has_older

    newest, *rest = page()
    assert (len(newest), rest) == (3, [False, True])
    middle, *rest = page(before=newest[-1])
    assert (len(middle), rest) == (3, [True, True])
    oldest, *rest = page(before=middle[-1])
    assert (len(oldest), rest) == (1, [True, False])
    assert page(after=oldest[0]) == (middle, True, True)
    assert page(after=middle[0])[0] == newest, "and the newest page is a full one again"
