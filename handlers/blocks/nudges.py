"""A nudge as people see it: why it came, what to do, and the buttons that settle it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.nudges.answering import Upcoming
from bot.nudges.delivery import Answer, AnswerKind, DueNudge, Message, Parcel
from bot.nudges.to_send import filled
from bot.procedure.model import Step
from bot.procedure.reminders import Digest, NudgeButton, NudgeRule
from bot.texts.catalogue import Catalogues, Speaker
from handlers.blocks.digest import digest_blocks
from handlers.blocks.parts import (
    NOTIFICATION,
    Block,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    mention,
    ready_text,
    section,
)
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
_CALLED = 20


def nudge_message(parcel: Parcel, texts: Catalogues) -> Message:
    """One message for all nudges of the parcel, each as it stands: open, answered or settled. A digest stands first."""
    say = texts.speaker(parcel.outlook.state.language)
    nudges = sorted(parcel.nudges[:_TOGETHER], key=lambda nudge: isinstance(nudge.rule, NudgeRule))
    first, alone = nudges[0], len(nudges) == 1
    headlines = [nudge.rule.headline.in_language(say.language) for nudge in nudges]
    title = headlines[0] if alone or isinstance(first.rule, Digest) else say("nudge.several", count=len(nudges))
    text = "  ·  ".join(headlines)
    if alone and isinstance(first.rule, NudgeRule):
        text = f"{title} — {_body(first.rule, first, parcel.outlook, say)}"
    blocks: list[Block] = [header(title)] if any(_is_open(nudge) for nudge in nudges) else []
    if parcel.calls:
        people = " ".join(f"<@{person}>" for person in parcel.calls[:_CALLED])
        blocks.append(section(say(f"nudge.call_{parcel.urgency}", people=people)))
    for number, nudge in enumerate(nudges):
        blocks += [divider()] if number else []
        blocks += _nudge(nudge, parcel.outlook, say, titled=title == headlines[number])
    return Message(text=clip(text, NOTIFICATION), blocks=blocks)


def _nudge(nudge: DueNudge, outlook: Outlook, say: Speaker, *, titled: bool) -> list[Block]:
    """`titled` says that its headline stands above already."""
    rule = nudge.rule
    if isinstance(rule, Digest):
        return digest_blocks(nudge, outlook, say)
    headline = rule.headline.in_language(say.language)
    if nudge.is_settled:
        return [section(f"~{headline}~\n{say('nudge.settled')}")]
    if nudge.answer is not None and nudge.answer.kind is not AnswerKind.LOOKED:
        return _answered(rule, nudge, nudge.answer, outlook, say)
    body = _body(rule, nudge, outlook, say)
    step = _step(nudge, outlook)
    why = say("nudge.why", merchant=escape(outlook.state.merchant), step=step.title.in_language(say.language))
    return [
        section(body if titled else f"*{headline}*\n{body}"),
        *_checklist(rule, step, say),
        *_ready_message(rule, nudge, outlook, say),
        _buttons(nudge, rule.buttons, outlook, say),
        context(why),
    ]


def _answered(rule: NudgeRule, nudge: DueNudge, answer: Answer, outlook: Outlook, say: Speaker) -> list[Block]:
    """What was said, and the button for when it has happened."""
    headline = rule.headline.in_language(say.language)
    when = say.moment(answer.next_at, outlook.state.zone) if answer.next_at else ""
    key = answer.kind if when or answer.kind is AnswerKind.UNDERSTOOD else "no_more"
    blocks = [
        section(f"*{headline}*\n{say(f'nudge.{key}', who=mention(answer.by, say('person.somebody')), when=when)}")
    ]
    still = [kind for kind in rule.buttons if kind not in _ANSWERS]
    return [*blocks, _buttons(nudge, still, outlook, say, primary=False)] if still else blocks


def _is_open(nudge: DueNudge) -> bool:
    return not nudge.is_settled and (nudge.answer is None or nudge.answer.kind is AnswerKind.LOOKED)


def upcoming_nudges(state: ContractState, coming: Sequence[Upcoming], say: Speaker, *, person_muted: bool) -> Message:
    """The reminders that a contract will get and why, for the one who asks."""
    title = say("nudges.title", merchant=escape(state.merchant))
    lines = [_upcoming_line(state, one, say) for one in coming]
    if not lines:
        lines = [say("nudges.muted" if state.nudges_muted else "nudges.none")]
    hours = say("nudges.hours", opens=_hour(state.working.opens), closes=_hour(state.working.closes))
    notes = [hours, say("nudges.person_muted")] if person_muted else [hours]
    pointer = Pointer(contract=state.id).dump()
    contract = ActionId.UNMUTE_CONTRACT if state.nudges_muted else ActionId.MUTE_CONTRACT
    person = ActionId.UNMUTE_PERSON if person_muted else ActionId.MUTE_PERSON
    return Message(
        text=title,
        blocks=[
            section(f"*{title}*\n" + "\n".join(lines)),
            actions(
                button(say(f"button.{contract}"), contract, value=pointer),
                button(say(f"button.{person}"), person, value=pointer),
                button(say("button.open_settings"), ActionId.OPEN_SETTINGS),
            ),
            context(*notes),
        ],
    )


def _upcoming_line(state: ContractState, one: Upcoming, say: Speaker) -> str:
    headline = one.rule.headline.in_language(say.language)
    line = say("nudges.line", when=say.moment(one.due_at, state.zone), headline=headline)
    if one.snoozed:
        return f"{line} ({say('nudges.snoozed')})"
    if isinstance(one.rule, Digest):
        return line
    return f"{line}\n{say('nudges.since', step=one.step.title.in_language(say.language), day=say.day(one.counted_on))}"


def _hour(hour: time) -> str:
    return hour.strftime("%H:%M")


def _step(nudge: DueNudge, outlook: Outlook) -> Step:
    return outlook.state.procedure.step(nudge.step_id)


def _body(rule: NudgeRule, nudge: DueNudge, outlook: Outlook, say: Speaker) -> str:
    return escape(filled(rule.message.in_language(say.language), outlook, nudge.counted_on, say))


def _checklist(rule: NudgeRule, step: Step, say: Speaker) -> list[Block]:
    if rule.checklist is None:
        return []
    checklist = next(one for one in step.checklists if one.id == rule.checklist)
    lines = [f"{number}. {item.in_language(say.language)}" for number, item in enumerate(checklist.items, start=1)]
    return [section(f"*{checklist.title.in_language(say.language)}*\n" + "\n".join(lines))]


def _ready_message(rule: NudgeRule, nudge: DueNudge, outlook: Outlook, say: Speaker) -> list[Block]:
    if rule.ready_message is None:
        return []
    text = filled(rule.ready_message.in_language(say.language), outlook, nudge.counted_on, say)
    return [ready_text(say("nudge.ready_message"), text)]


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
    if any(one.is_ticked for one in _step(nudge, outlook).checklists):
        lists = Pointer(contract=outlook.state.id, step=nudge.step_id).dump()
        buttons.append(button(say("button.tick_off"), ActionId.SHOW_CHECKLIST, value=lists))
    return actions(*buttons, block_id=f"nudge:{nudge.nudge_id}")
