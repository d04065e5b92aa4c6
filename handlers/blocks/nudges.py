"""A nudge as people see it: why it came, what to do, and the buttons that settle it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contracts import wording
from bot.contracts.state import ContractState
from bot.nudges.answering import Upcoming
from bot.nudges.delivery import DueNudge, Message
from bot.procedure.model import NudgeButton, NudgeRule, Step
from bot.texts.catalogue import Catalogues, Speaker
from bot.texts.particles import Count, Word
from handlers.blocks.parts import Block, Element, actions, button, context, escape, header, section
from handlers.ids import ActionId
from handlers.values import Pointer

_ACTIONS = {
    NudgeButton.FINISH: ActionId.FINISH_NOW,
    NudgeButton.NOT_YET: ActionId.NOT_YET,
    NudgeButton.TOMORROW: ActionId.TOMORROW,
    NudgeButton.CARD_DECISION: ActionId.CARD_DECISION,
    NudgeButton.REQUEST_REVIEW: ActionId.REQUEST_REVIEW,
}
_ANSWERS = frozenset({NudgeButton.NOT_YET, NudgeButton.TOMORROW})


def nudge_message(due: DueNudge, texts: Catalogues) -> Message:
    say = texts.speaker(due.outlook.state.language)
    headline = due.rule.headline.in_language(say.language)
    body = escape(_filled(due.rule.message.in_language(say.language), due, say))
    blocks: list[Block] = [
        header(headline),
        section(f"<@{due.outlook.state.owner_id}> {body}"),
        *_checklist(due.rule, _step(due), say),
        *_ready_message(due, say),
        actions(*_buttons(due, say), block_id="nudge"),
        context(
            say(
                "nudge.why",
                merchant=escape(due.outlook.state.merchant),
                step=_step(due).title.in_language(say.language),
            )
        ),
    ]
    return Message(text=f"{headline} — {body}", blocks=blocks)


def answered_nudge(rule: NudgeRule, step: Step, text: str, pointer: Pointer, say: Speaker) -> Message:
    """A nudge that somebody has answered with "not yet": what was said, and the button for when it has happened."""
    headline = rule.headline.in_language(say.language)
    still = [kind for kind in rule.buttons if kind not in _ANSWERS]
    buttons = [_button(kind, step, pointer, say, primary=False) for kind in still]
    blocks: list[Block] = [section(f"*{headline}*\n{text}")]
    return Message(text=text, blocks=[*blocks, actions(*buttons, block_id="nudge")] if buttons else blocks)


def settled_nudge(rule: NudgeRule, text: str, say: Speaker) -> Message:
    """A nudge whose reason is gone: what became of it, and nothing left to press."""
    headline = rule.headline.in_language(say.language)
    return Message(text=text, blocks=[section(f"~{headline}~\n{text}")])


def upcoming_nudges(state: ContractState, coming: Sequence[Upcoming], say: Speaker) -> Message:
    """The reminders that a contract will get, for the one who asks."""
    title = say("nudges.title", merchant=escape(state.merchant))
    lines = [_upcoming_line(state, one, say) for one in coming] or [say("nudges.none")]
    body = "\n".join(lines)
    return Message(text=title, blocks=[section(f"*{title}*\n{body}"), context(say("nudges.hours"))])


def _upcoming_line(state: ContractState, one: Upcoming, say: Speaker) -> str:
    headline = one.rule.headline.in_language(say.language)
    line = say("nudges.line", when=say.moment(one.due_at, state.zone), headline=headline)
    return f"{line} ({say('nudges.snoozed')})" if one.snoozed else line


def _step(due: DueNudge) -> Step:
    return due.outlook.state.procedure.step(due.step_id)


def _filled(text: str, due: DueNudge, say: Speaker) -> str:
    return text.format(
        merchant=Word(due.outlook.state.merchant),
        days=Count(due.outlook.calendar.business_days_between(due.counted_on, due.outlook.today)),
        open_cards=Word(wording.open_card_names(due.outlook.state, say.language)),
    ).strip()


def _checklist(rule: NudgeRule, step: Step, say: Speaker) -> list[Block]:
    if rule.checklist is None:
        return []
    checklist = next(one for one in step.checklists if one.id == rule.checklist)
    lines = [f"{number}. {item.in_language(say.language)}" for number, item in enumerate(checklist.items, start=1)]
    return [section(f"*{checklist.title.in_language(say.language)}*\n" + "\n".join(lines))]


def _ready_message(due: DueNudge, say: Speaker) -> list[Block]:
    if due.rule.ready_message is None:
        return []
    text = escape(_filled(due.rule.ready_message.in_language(say.language), due, say))
    return [section(f"*{say('nudge.ready_message')}*\n```{text.replace('```', '')}```")]


def _buttons(due: DueNudge, say: Speaker) -> list[Element]:
    pointer = Pointer(contract=due.outlook.state.id, step=due.step_id, nudge=due.nudge_id)
    return [
        _button(kind, _step(due), pointer, say, primary=number == 0) for number, kind in enumerate(due.rule.buttons)
    ]


def _button(kind: NudgeButton, step: Step, pointer: Pointer, say: Speaker, *, primary: bool) -> Element:
    label = step.finish_label.in_language(say.language) if kind is NudgeButton.FINISH else say(f"button.{kind}")
    return button(label, _ACTIONS[kind], value=pointer.dump(), style="primary" if primary else None)
