"""What the team's own contract adds to a general answer: how long it has waited, until when, what is still open."""

from __future__ import annotations

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import StepState
from bot.procedure.model import Turn
from bot.texts.catalogue import Speaker
from storage.states import ContractStatus

_OURS = frozenset({Turn.MERCHANT, Turn.DEVELOPER})


def note_on_step(step_id: str, outlook: Outlook, say: Speaker) -> str:
    """One or two sentences about this step of this contract; empty where there is nothing to add."""
    state = outlook.state
    if state.status is not ContractStatus.ACTIVE or step_id not in {step.step.id for step in state.steps}:
        return ""
    step = state.step(step_id)
    title = step.step.title.in_language(say.language)
    if step.done_on is not None:
        return say("own.note_done", merchant=state.merchant, step=title, day=say.day(step.done_on))
    if not step.is_active:
        current = state.current.step.title.in_language(say.language) if state.current else ""
        return say("own.note_later", merchant=state.merchant, current=current, step=title)
    lines = [_since(step, outlook, say), _until(step, outlook, say)]
    if state.cards_in_review and step_id == state.procedure.card_review_step:
        lines.append(wording.card_summary(state, say))
    return "\n".join(line for line in lines if line)


def _since(step: StepState, outlook: Outlook, say: Speaker) -> str:
    days, since = outlook.days_waited(step), outlook.state.waiting_since(step)
    key = "own.note_since" if days and since else "own.note_today"
    return say(
        key,
        merchant=outlook.state.merchant,
        step=step.step.title.in_language(say.language),
        who=wording.turn_name(outlook.state.turn_of(step), outlook.state.procedure, say),
        since=say.day(since) if since else "",
        days=days,
    )


def _until(step: StepState, outlook: Outlook, say: Speaker) -> str:
    """Until when to wait; nothing for what the team does itself, or where nobody publishes a time."""
    expected_on = outlook.expected_on(step)
    if expected_on is None or outlook.state.turn_of(step) in _OURS:
        return ""
    if expected_on < outlook.today:
        late = outlook.calendar.business_days_between(expected_on, outlook.today)
        return say("own.note_late", days=late, day=say.day(expected_on))
    return say("own.note_wait", day=wording.near_day(expected_on, outlook.today, say))
