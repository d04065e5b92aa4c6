"""What a contract owes its team, and when: the ledger after each thing that people do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.contracts import moves
from bot.contracts.refusals import NothingToChange
from bot.nudges.answering import snooze_until_tomorrow
from storage.nudges import claim_due, mark_posting, mark_sent
from storage.tables import CardStatus, NudgeStatus
from tests.conftest import SettableClock
from tests.team import Team

SEOUL = ZoneInfo("Asia/Seoul")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def due(team: Team, rule: str) -> datetime:
    return team.owed()[rule].due_at


def send_what_is_due(team: Team, clock: SettableClock, moment: str) -> list[str]:
    """Does what the sweep does when Slack accepts everything. Returns the rules of what was sent."""
    from bot.nudges import planning

    clock.set(at(moment))
    sent = []
    with team.database.writing() as session:
        claimed = claim_due(
            session=session,
            now=clock.now(),
            lease=timedelta(minutes=1),
            overdue=timedelta(days=365),
            limit=50,
            token="t",
        )
        for row in claimed:
            assert row.id is not None
            mark_posting(session=session, nudge_id=row.id, token="t", now=clock.now(), lease=timedelta(minutes=1))
            mark_sent(session=session, nudge_id=row.id, message_ts=f"{row.id}.0", now=clock.now())
            sent.append(row.rule_id)
    state = team.state
    with team.database.writing() as session:
        calendar = team.office.calendar_of(state)
        planning.plan(state, session=session, calendar=calendar, now=clock.now())
    return sent


def test_the_spam_check_is_owed_three_business_days_after_the_application(team: Team) -> None:
    team.starts()

    team.finishes("application", on=date(2026, 11, 20))

    assert due(team, "guide_mail_missing") == at("2026-11-25 09:30")


def test_holidays_and_weekends_are_not_counted(team: Team, clock: SettableClock) -> None:
    clock.set(at("2026-12-23 11:00"))
    team.starts()

    team.finishes("application")

    # Thursday, (Christmas, weekend), Monday, Tuesday
    assert due(team, "guide_mail_missing") == at("2026-12-29 09:30")


def test_what_should_have_come_long_ago_is_owed_the_next_morning(team: Team) -> None:
    team.starts()

    team.finishes("application", on=date(2026, 11, 10))

    assert due(team, "guide_mail_missing") == at("2026-11-24 09:30")


def test_a_step_that_moves_on_takes_its_nudges_along(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()
    assert "application_idle" in team.owed()

    team.finishes("application")

    assert "application_idle" not in team.owed()
    assert [row.closed_reason for row in team.ledger() if row.rule_id == "application_idle"] == ["reason_gone"]


def test_taking_back_owes_the_nudge_again(team_on_both: Team) -> None:
    team = team_on_both
    team.starts()
    before = due(team, "application_idle")
    team.finishes("application")

    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)

    assert due(team, "application_idle") == before
    assert len([row for row in team.ledger() if row.rule_id == "application_idle"]) == 1


def test_reopening_counts_anew(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.finishes("application", on=date(2026, 11, 20))
    team.finishes("guidance", on=date(2026, 11, 23))
    clock.set(at("2026-11-26 11:00"))

    team.write(moves.reopen_step, "application", contract_id=team.contract_id)

    assert team.owed()["application_idle"].entry == 2


def test_a_repeated_nudge_comes_again_and_then_ends(team: Team, clock: SettableClock) -> None:
    team.starts()
    sent = []
    for _ in range(20):
        row = team.owed().get("application_idle")
        if row is None:
            break
        moment = row.due_at.astimezone(SEOUL)
        sent.append(moment.date())
        send_what_is_due(team, clock, moment.strftime("%Y-%m-%d %H:%M"))

    # Two business days, then after 3, 3, 5 and 10: the waits widen, and end. Christmas is not counted.
    assert sent == [
        date(2026, 11, 25),
        date(2026, 11, 30),
        date(2026, 12, 3),
        date(2026, 12, 10),
        date(2026, 12, 24),
    ]


def test_the_review_is_chased_two_weeks_after_the_request(team: Team, clock: SettableClock) -> None:
    team.starts()
    team.is_ready_for_review()
    assert "review_not_requested" in team.owed()

    team.requests_review()

    assert "review_not_requested" not in team.owed()
    assert due(team, "review_overdue") == at("2026-12-07 09:30")
    send_what_is_due(team, clock, "2026-11-30 09:30")
    assert send_what_is_due(team, clock, "2026-12-07 09:30") == ["review_overdue", "weekly_digest"]
    assert due(team, "review_overdue") == at("2026-12-10 09:30")


def test_the_chase_ends_with_the_last_open_card(team: Team) -> None:
    team.starts()
    team.is_ready_for_review()
    team.requests_review()

    team.records([card.card.id for card in team.state.cards], CardStatus.APPROVED)

    assert set(team.owed()) == {"going_live"}


def test_going_live_comes_the_next_morning_even_when_the_review_ends_at_the_minute_of_reminders(
    team: Team, clock: SettableClock
) -> None:
    clock.set(at("2026-11-24 09:30"))
    team.starts()
    team.is_ready_for_review()
    team.requests_review()

    team.records([card.card.id for card in team.state.cards], CardStatus.APPROVED)

    assert due(team, "going_live") == at("2026-11-25 09:30")


def test_the_channel_is_asked_for_once_the_contract_is_complete(team: Team) -> None:
    team.starts()
    assert "channel_setup_idle" not in team.owed()

    team.finishes("application", "guidance", "paperwork", "completion")

    assert due(team, "channel_setup_idle") == at("2026-11-24 09:30")


def test_snoozing_moves_one_nudge_and_not_the_rhythm(team: Team, clock: SettableClock) -> None:
    team.starts()
    send_what_is_due(team, clock, "2026-11-25 09:30")
    sent = next(row for row in team.ledger() if row.status == NudgeStatus.SENT)
    assert due(team, "application_idle") == at("2026-11-30 09:30")

    team.write(snooze_until_tomorrow, sent.id, contract_id=team.contract_id)
    team.write(snooze_until_tomorrow, sent.id, contract_id=team.contract_id)

    assert due(team, "application_idle") == at("2026-11-26 09:30")
    assert len([row for row in team.ledger() if row.rule_id == "application_idle"]) == 2
    send_what_is_due(team, clock, "2026-11-26 09:30")
    assert due(team, "application_idle") == at("2026-12-01 09:30")


def test_a_nudge_whose_reason_is_gone_cannot_be_snoozed(team: Team, clock: SettableClock) -> None:
    team.starts()
    send_what_is_due(team, clock, "2026-11-25 09:30")
    sent = next(row for row in team.ledger() if row.status == NudgeStatus.SENT)
    team.finishes("application")

    with pytest.raises(NothingToChange):
        team.write(snooze_until_tomorrow, sent.id, contract_id=team.contract_id)


def test_correcting_the_day_moves_the_nudge(team: Team) -> None:
    team.starts()
    team.finishes("application", on=date(2026, 11, 23))
    assert due(team, "guide_mail_missing") == at("2026-11-26 09:30")

    last = team.write(moves.last_change, contract_id=team.contract_id)
    team.write(moves.take_back, last.change_id, contract_id=team.contract_id)
    team.finishes("application", on=date(2026, 11, 20))

    assert due(team, "guide_mail_missing") == at("2026-11-25 09:30")
