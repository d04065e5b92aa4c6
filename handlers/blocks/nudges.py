"""A nudge as people see it: why it came, what to do, and the buttons that settle it."""

from __future__ import annotations

from datetime import date

from bot.contracts import wording
from bot.contracts.state import ContractState
from bot.nudges.delivery import DueNudge, Message
from bot.procedure.model import NudgeButton, NudgeRule, Step
from bot.texts.catalogue import Catalogues, Speaker
from bot.texts.particles import Count, Word
from handlers.blocks.parts import Block, Element, actions, button, context, escape, header, section
from handlers.ids import ActionId
from handlers.values import Pointer


def nudge_message(due: DueNudge, texts: Catalogues) -> Message:
    say = texts.speaker(due.state.language)
    headline = due.rule.headline.in_language(say.language)
    body = escape(_filled(due.rule.message.in_language(say.language), due, say))
    blocks: list[Block] = [
        header(headline),
        section(f"<@{due.state.owner_id}> {body}"),
        *_checklist(due.rule, _step(due), say),
        *_ready_message(due, say),
        actions(*_buttons(due, say), block_id="nudge"),
        context(say("nudge.why", merchant=escape(due.state.merchant), step=_step(due).title.in_language(say.language))),
    ]
    return Message(text=f"{headline} — {body}", blocks=blocks)


def settled_nudge(headline: str, what_happened: str, say: Speaker, *, take_back: Pointer | None = None) -> Message:
    """What a nudge turns into once somebody has answered it: no button of it can be pressed twice."""
    blocks: list[Block] = [section(f"*{headline}*\n{what_happened}")]
    if take_back is not None:
        blocks.append(actions(button(say("button.take_back"), ActionId.TAKE_BACK, value=take_back.dump())))
    return Message(text=what_happened, blocks=blocks)


def upcoming_nudges(state: ContractState, lines: list[str], say: Speaker) -> Message:
    """The reminders that a contract will get, for the one who asks."""
    title = say("nudges.title", merchant=escape(state.merchant))
    body = "\n".join(lines) if lines else say("nudges.none")
    return Message(text=title, blocks=[section(f"*{title}*\n{body}"), context(say("nudges.hours"))])


def days_waited(state: ContractState, due: DueNudge, today: date) -> int:
    since = state.waiting_since(state.step(due.step_id))
    return due.calendar.business_days_between(since, today) if since else 0


def _step(due: DueNudge) -> Step:
    return due.state.procedure.step(due.step_id)


def _filled(text: str, due: DueNudge, say: Speaker) -> str:
    return text.format(
        merchant=Word(due.state.merchant),
        days=Count(days_waited(due.state, due, due.today)),
        open_cards=Word(wording.open_card_names(due.state, say.language)),
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
    pointer = Pointer(contract=due.state.id, step=due.step_id, nudge=due.nudge_id).dump()
    primary = due.rule.buttons[0] if due.rule.buttons else None
    labels = {
        NudgeButton.FINISH: _step(due).finish_label.in_language(say.language),
        NudgeButton.NOT_YET: say("button.not_yet"),
        NudgeButton.TOMORROW: say("button.tomorrow"),
        NudgeButton.CARD_DECISION: say("button.card_decision"),
        NudgeButton.REQUEST_REVIEW: say("button.request_review"),
    }
    actions_of = {
        NudgeButton.FINISH: ActionId.FINISH_NOW,
        NudgeButton.NOT_YET: ActionId.NOT_YET,
        NudgeButton.TOMORROW: ActionId.TOMORROW,
        NudgeButton.CARD_DECISION: ActionId.CARD_DECISION,
        NudgeButton.REQUEST_REVIEW: ActionId.REQUEST_REVIEW,
    }
    return [
        button(labels[kind], actions_of[kind], value=pointer, style="primary" if kind is primary else None)
        for kind in due.rule.buttons
    ]
