"""A nudge as people see it: why it came, what to do, and the buttons that settle it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.nudges.answering import Upcoming
from bot.nudges.delivery import Answer, AnswerKind, DueNudge, Message, Parcel
from bot.procedure.model import NudgeButton, NudgeRule, Step
from bot.texts.catalogue import Catalogues, Speaker
from bot.texts.particles import Count, Word
from handlers.blocks.parts import NOTIFICATION, Block, actions, button, clip, context, divider, escape, header, section
from handlers.ids import ActionId
from handlers.values import Pointer

_ACTIONS = {
    NudgeButton.FINISH: ActionId.FINISH_NOW,
    NudgeButton.NOT_YET: ActionId.NOT_YET,
    NudgeButton.TOMORROW: ActionId.TOMORROW,
    NudgeButton.CARD_DECISION: ActionId.CARD_DECISION,
    NudgeButton.REQUEST_REVIEW: ActionId.REQUEST_REVIEW,
    NudgeButton.UNDERSTOOD: ActionId.UNDERSTOOD,
}
_ANSWERS = frozenset({NudgeButton.NOT_YET, NudgeButton.TOMORROW, NudgeButton.UNDERSTOOD})
_TOGETHER = 6
"""Nudges in one message: each takes up to six blocks of Slack's fifty."""


def nudge_message(parcel: Parcel, texts: Catalogues) -> Message:
    """One message for all nudges of the parcel, each as it stands: open, answered or settled."""
    say = texts.speaker(parcel.outlook.state.language)
    nudges = parcel.nudges[:_TOGETHER]
    headlines = [nudge.rule.headline.in_language(say.language) for nudge in nudges]
    if len(nudges) == 1 and _is_open(nudges[0]):
        title = headlines[0]
        text = f"{title} — {_body(nudges[0], parcel.outlook, say)}"
    else:
        title = say("nudge.several", count=len(nudges))
        text = "  ·  ".join(headlines)
    blocks: list[Block] = []
    if any(_is_open(nudge) for nudge in nudges):
        blocks += [header(title), *_call(parcel)]
    for number, nudge in enumerate(nudges):
        blocks += [divider()] if number else []
        blocks += _nudge(nudge, parcel.outlook, say, alone=len(nudges) == 1)
    return Message(text=clip(text, NOTIFICATION), blocks=blocks)


def _nudge(nudge: DueNudge, outlook: Outlook, say: Speaker, *, alone: bool) -> list[Block]:
    headline = nudge.rule.headline.in_language(say.language)
    if nudge.is_settled:
        return [section(f"~{headline}~\n{say('nudge.settled')}")]
    if nudge.answer is not None and nudge.answer.kind is not AnswerKind.LOOKED:
        return _answered(nudge, nudge.answer, outlook, say)
    body = _body(nudge, outlook, say)
    step = _step(nudge, outlook)
    why = say("nudge.why", merchant=escape(outlook.state.merchant), step=step.title.in_language(say.language))
    return [
        section(body if alone else f"*{headline}*\n{body}"),
        *_checklist(nudge.rule, step, say),
        *_ready_message(nudge, outlook, say),
        _buttons(nudge, nudge.rule.buttons, outlook, say),
        context(why),
    ]


def _answered(nudge: DueNudge, answer: Answer, outlook: Outlook, say: Speaker) -> list[Block]:
    """What was said, and the button for when it has happened."""
    headline = nudge.rule.headline.in_language(say.language)
    when = say.moment(answer.next_at, outlook.state.zone) if answer.next_at else ""
    key = answer.kind if when or answer.kind is AnswerKind.UNDERSTOOD else "no_more"
    blocks = [section(f"*{headline}*\n{say(f'nudge.{key}', who=f'<@{answer.by}>', when=when)}")]
    still = [kind for kind in nudge.rule.buttons if kind not in _ANSWERS]
    return [*blocks, _buttons(nudge, still, outlook, say, primary=False)] if still else blocks


def _is_open(nudge: DueNudge) -> bool:
    return not nudge.is_settled and (nudge.answer is None or nudge.answer.kind is AnswerKind.LOOKED)


def _call(parcel: Parcel) -> list[Block]:
    return [section(f"<@{parcel.outlook.state.owner_id}>")]


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


def _step(nudge: DueNudge, outlook: Outlook) -> Step:
    return outlook.state.procedure.step(nudge.step_id)


def _body(nudge: DueNudge, outlook: Outlook, say: Speaker) -> str:
    return escape(_filled(nudge.rule.message.in_language(say.language), nudge, outlook, say))


def _filled(text: str, nudge: DueNudge, outlook: Outlook, say: Speaker) -> str:
    return text.format(
        merchant=Word(outlook.state.merchant),
        days=Count(outlook.calendar.business_days_between(nudge.counted_on, outlook.today)),
        open_cards=Word(wording.open_card_names(outlook.state, say.language)),
    ).strip()


def _checklist(rule: NudgeRule, step: Step, say: Speaker) -> list[Block]:
    if rule.checklist is None:
        return []
    checklist = next(one for one in step.checklists if one.id == rule.checklist)
    lines = [f"{number}. {item.in_language(say.language)}" for number, item in enumerate(checklist.items, start=1)]
    return [section(f"*{checklist.title.in_language(say.language)}*\n" + "\n".join(lines))]


def _ready_message(nudge: DueNudge, outlook: Outlook, say: Speaker) -> list[Block]:
    if nudge.rule.ready_message is None:
        return []
    text = escape(_filled(nudge.rule.ready_message.in_language(say.language), nudge, outlook, say))
    return [section(f"*{say('nudge.ready_message')}*\n```{text.replace('```', '')}```")]


def _buttons(
    nudge: DueNudge, kinds: Sequence[NudgeButton], outlook: Outlook, say: Speaker, *, primary: bool = True
) -> Block:
    pointer = Pointer(contract=outlook.state.id, step=nudge.step_id, nudge=nudge.nudge_id).dump()
    finish = _step(nudge, outlook).finish_label.in_language(say.language)
    buttons = [
        button(
            finish if kind is NudgeButton.FINISH else say(f"button.{kind}"),
            _ACTIONS[kind],
            value=pointer,
            style="primary" if primary and number == 0 else None,
        )
        for number, kind in enumerate(kinds)
    ]
    return actions(*buttons, block_id=f"nudge:{nudge.nudge_id}")
