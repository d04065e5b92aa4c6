"""Messages that somebody can send as they stand: to the one whose turn it is."""

from __future__ import annotations

from datetime import date

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.nudges import rules
from bot.procedure.reminders import NudgeRule
from bot.texts.catalogue import Speaker
from bot.texts.particles import Count, Word


def filled(text: str, outlook: Outlook, counted_on: date, say: Speaker) -> str:
    """A rule's text with the contract's name, what is open and how many business days have passed."""
    return text.format(
        merchant=Word(outlook.state.merchant),
        days=Count(outlook.calendar.business_days_between(counted_on, outlook.today)),
        open_cards=Word(wording.open_card_names(outlook.state, say.language)),
    ).strip()


def ready_to_send(outlook: Outlook, say: Speaker) -> str:
    """To the team while it is their turn, otherwise from the team to whom they wait for; '' when nothing waits."""
    state = outlook.state
    step = state.current
    if not state.is_running or step is None:
        return ""
    title = step.step.title.in_language(say.language)
    if state.is_teams_turn:
        return say(
            "to_send.to_team",
            merchant=state.merchant,
            step=title,
            waiting=wording.waiting(outlook, step, say),
            summary=step.step.summary.in_language(say.language),
        )
    for reason in reversed(rules.owed(state)):
        due = reason.step_id == step.step.id and rules.first_day(reason, outlook.calendar) <= outlook.today
        if due and isinstance(reason.rule, NudgeRule) and reason.rule.ready_message is not None:
            return filled(reason.rule.ready_message.in_language(say.language), outlook, reason.counted_on, say)
    since = state.waiting_since(step)
    return say("to_send.to_other", merchant=state.merchant, step=title, since=say.day(since) if since else "")
