"""The steps of a contract in the form that a surface takes: a plan in messages, lines of text in Home and modals."""

from __future__ import annotations

from enum import StrEnum

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import StepState
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, plan, rich_text, section, task_card
from storage.tables import StepStatus

_MARKS = {StepStatus.DONE: "✅", StepStatus.ACTIVE: "⏳", StepStatus.WAITING: "▫️"}
_TASKS = {StepStatus.DONE: "complete", StepStatus.ACTIVE: "in_progress", StepStatus.WAITING: "pending"}
_LATE = "⚠️"


class Surface(StrEnum):
    MESSAGE = "message"
    VIEW = "view"
    """App Home or a modal: Slack takes neither plans nor task cards there"""


def steps_block(outlook: Outlook, surface: Surface, say: Speaker) -> Block:
    """Every step: done on which day, and what can be done early. Of the current one the headline says the rest."""
    if surface is Surface.MESSAGE:
        return plan(say("status.plan"), [_task(outlook, step, say) for step in outlook.state.steps])
    return section("\n".join(_line(outlook, step, say) for step in outlook.state.steps))


def _task(outlook: Outlook, step: StepState, say: Speaker) -> Block:
    title = step.step.title.in_language(say.language)
    if outlook.is_late(step):
        title = f"{_LATE} {title}"
    lines = _details(outlook, step, say)
    details = rich_text("\n".join(lines)) if lines else None
    return task_card(step.step.id, title, _TASKS[step.status], details=details)


def _line(outlook: Outlook, step: StepState, say: Speaker) -> str:
    title = step.step.title.in_language(say.language)
    mark = _LATE if outlook.is_late(step) else _MARKS[step.status]
    shown = f"*{title}*" if step.is_active else title
    return "  ·  ".join([f"{mark}  {shown}", *_details(outlook, step, say)])


def _details(outlook: Outlook, step: StepState, say: Speaker) -> list[str]:
    state = outlook.state
    if step.is_done:
        return [say.day(step.done_on)] if step.done_on else []
    if not step.is_active:
        return []
    if step is not state.current:
        return [say("status.meanwhile", who=wording.turn_name(state.turn_of(step), state.procedure, say))]
    if step.step.id == state.procedure.card_review_step and state.review_was_requested:
        return [wording.card_summary(state, say)]
    return []
