"""Sentences about where a contract stands, said the same way in messages, answers, Home and lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState, StepState
from bot.procedure.model import Duration, Procedure, Turn
from bot.texts.catalogue import Speaker
from storage.states import ContractStatus

if TYPE_CHECKING:
    from bot.contracts.moves import LastChange


def pg_name(procedure: Procedure, say: Speaker) -> str:
    """Both names while people still use both: 'KG파이낸셜(옛 KG모빌리언스)'."""
    pg = procedure.pg
    name = pg.name.in_language(say.language)
    if pg.former_name is None:
        return name
    return say("pg.both_names", name=name, former=pg.former_name.in_language(say.language))


def turn_name(turn: Turn, procedure: Procedure, say: Speaker) -> str:
    if turn is Turn.PG:
        return procedure.pg.name.in_language(say.language)
    return say(f"turn.{turn}")


def duration(expected: Duration, say: Speaker) -> str:
    """'2~3영업일', 'about 2 weeks'."""
    key = "range" if expected.least != expected.most else "one"
    return say(f"duration.{expected.unit}.{key}", least=expected.least, most=expected.most)


def waiting(outlook: Outlook, step: StepState, say: Speaker) -> str:
    """Whose turn it is and since when: 'KG파이낸셜 차례 · 11월 20일 (금)부터 2영업일째'."""
    state = outlook.state
    who = turn_name(state.turn_of(step), state.procedure, say)
    since = state.waiting_since(step)
    if since is None:
        return say("waiting.turn", who=who)
    days = outlook.days_waited(step)
    key = "waiting.since" if days else "waiting.since_today"
    return say(key, who=who, since=say.day(since), days=days)


def expectation(outlook: Outlook, step: StepState, say: Speaker) -> str:
    """When the step is usually over, or that it should have been; empty where nobody publishes a time."""
    expected_on = outlook.expected_on(step)
    if expected_on is None or step.step.expected is None:
        return ""
    usual = duration(step.step.expected, say)
    if expected_on < outlook.today:
        late = outlook.calendar.business_days_between(expected_on, outlook.today)
        return say("expectation.late", day=say.day(expected_on), usual=usual, days=late)
    return say("expectation.by", day=say.day(expected_on), usual=usual)


def happening(state: ContractState, say: Speaker) -> str:
    """What the current step is about: something to do for the team, or what somebody else is doing meanwhile."""
    if state.current is None:
        return ""
    what = state.current.step.summary.in_language(say.language)
    return say("status.next" if state.is_teams_turn else "status.meanwhile_elsewhere", what=what)


def card_summary(state: ContractState, say: Speaker) -> str:
    """'승인 6/9 · 남음: 삼성카드, 현대카드, 비씨카드'; empty when no card company is to be asked."""
    if not state.wanted_cards:
        return ""
    open_cards = ", ".join(card.card.name.in_language(say.language) for card in state.undecided_cards)
    key = "cards.some_open" if open_cards else "cards.all_approved"
    return say(key, approved=len(state.approved_cards), wanted=len(state.wanted_cards), open=open_cards)


def standing(state: ContractState, say: Speaker) -> str:
    """What there is to say of a contract that no step is waited for in."""
    if state.status is ContractStatus.LIVE and state.opened_on is not None:
        return say("status.opened", day=say.day(state.opened_on))
    return say(f"status.{state.status}")


def open_card_names(state: ContractState, language: str) -> str:
    return ", ".join(card.card.name.in_language(language) for card in state.undecided_cards)


def last_change(last: LastChange, say: Speaker) -> str:
    """What would be taken back, in a few words: '계약 안내 받기 완료 · 11월 24일 (화)'."""
    procedure = last.state.procedure
    names = []
    for row in last.rows:
        if row.card_id:
            names.append(procedure.card_company(row.card_id).name.in_language(say.language))
        elif row.step_id:
            names.append(procedure.step(row.step_id).short_title.in_language(say.language))
    first = last.rows[0]
    what = say(f"history.{first.kind}")
    return "  ·  ".join([f"{', '.join(names)} {what}", *([say.day(first.day)] if first.day else [])])


def near_day(day: date, today: date, say: Speaker) -> str:
    """'오늘', '내일', otherwise the date."""
    names = {0: "day.today", 1: "day.tomorrow"}
    key = names.get((day - today).days)
    return say(key) if key else say.day(day)
