"""The status message: all steps, whose turn it is, when the next thing is expected, and the buttons that move it on."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState, StepState
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.closing import last_checks_button, opening_button
from handlers.blocks.parts import (
    Block,
    Element,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    modal,
    option,
    overflow,
    progress_bar,
    section,
)
from handlers.blocks.progress import Surface, steps_block
from handlers.ids import ActionId, MoreOption
from handlers.values import Pointer
from storage.tables import ContractStatus

_AS_OF = "as_of"
"""block_id of the line that says of which day the message is"""


@lru_cache(maxsize=512)
def status_message(outlook: Outlook, say: Speaker, *, link: str | None = None) -> Message:
    """`link` leads to the channel's own status message, for somebody who looks at a copy.

    Until the first step is done the message suggests to pin it. The same outlook gives the same message: a team looks
    at it many times a day, and it takes longer to put together than to read the contract.
    """
    state = outlook.state
    blocks: list[Block] = [
        header(say("status.title", merchant=state.merchant, pg=state.procedure.pg.name.in_language(say.language))),
        section(headline(outlook, say)),
        steps_block(outlook, Surface.MESSAGE, say),
    ]
    blocks += _what_next(outlook, say)
    blocks.append(actions(*_buttons(state, say)))
    if link is not None:
        blocks.append(context(f"<{link}|{say('status.in_channel')}>"))
    blocks.append(_as_of(outlook, say))
    if link is None and not state.done_days:
        blocks.append(context(say("status.pin")))
    return Message(text=_notification(outlook, say), blocks=blocks)


def status_digest(message: Message) -> str:
    """What the message says, whatever day it is: the same as long as there is nothing new to show."""
    told = [block for block in message.blocks if block.get("block_id") != _AS_OF]
    return hashlib.sha256(json.dumps([message.text, told], sort_keys=True).encode()).hexdigest()[:16]


def status_modal(outlook: Outlook, say: Speaker) -> dict[str, Any]:
    """The same on a surface that knows no plans, for App Home and for whoever is not in the channel just now."""
    state = outlook.state
    name = f"*{escape(state.merchant)}*  ·  <#{state.channel_id}>"
    blocks: list[Block] = [
        section(f"{name}\n{headline(outlook, say)}"),
        divider(),
        steps_block(outlook, Surface.VIEW, say),
        *_what_next(outlook, say),
    ]
    buttons = move_buttons(state, say)
    if buttons:
        blocks.append(actions(*buttons))
    blocks.append(_as_of(outlook, say))
    return modal(title=say("status.modal_title"), close=say("modal.close"), blocks=blocks)


def superseded_message(state: ContractState, link: str, say: Speaker) -> Message:
    """What is left of an older status message: the way to the newest one."""
    text = say("status.superseded", merchant=escape(state.merchant))
    return Message(text=text, blocks=[context(f"{text} <{link}|{say('status.newest')}>")])


def move_buttons(state: ContractState, say: Speaker) -> list[Element]:
    """The buttons that move the contract on: the current step's first."""
    if state.status is not ContractStatus.ACTIVE:
        return [*opening_button(state, say), *last_checks_button(state, say)]
    found = []
    for number, step in enumerate(state.active_steps):
        found += step_buttons(state, step, primary=number == 0, say=say)
    return found


def headline(outlook: Outlook, say: Speaker) -> str:
    """A few lines that say where the contract stands."""
    state = outlook.state
    done = sum(step.is_done for step in state.steps)
    bar = say("status.bar", bar=progress_bar(done, len(state.steps)), done=done, total=len(state.steps))
    if state.status is not ContractStatus.ACTIVE or state.current is None:
        return f"{bar}\n{wording.standing(state, say)}"
    step = state.current
    lines = [
        bar,
        say("status.now", step=step.step.title.in_language(say.language)),
        wording.waiting(outlook, step, say),
        wording.expectation(outlook, step, say),
        say("status.muted") if state.nudges_muted else "",
    ]
    return "\n".join(line for line in lines if line)


def _what_next(outlook: Outlook, say: Speaker) -> list[Block]:
    state = outlook.state
    if state.status is not ContractStatus.ACTIVE or state.current is None:
        return []
    return [context(wording.happening(state, say))]


def _as_of(outlook: Outlook, say: Speaker) -> Block:
    text = say("status.as_of", pg=wording.pg_name(outlook.state.procedure, say), day=say.day(outlook.today))
    return context(text, block_id=_AS_OF)


def _buttons(state: ContractState, say: Speaker) -> list[Element]:
    pointer = Pointer(contract=state.id).dump()
    options = []
    if state.status in {ContractStatus.ACTIVE, ContractStatus.LIVE}:
        options.append(_more(MoreOption.TAKE_BACK, state, say))
    if state.is_open:
        options.append(_more(MoreOption.OWNER, state, say))
    if state.status is ContractStatus.ACTIVE:
        options.append(_more(MoreOption.PAUSE, state, say))
    if state.status is ContractStatus.PAUSED:
        options.append(_more(MoreOption.RESUME, state, say))
    if state.status is not ContractStatus.CLOSED:
        options.append(_more(MoreOption.CLOSE, state, say))
        options.append(_more(MoreOption.POST_STATUS, state, say))
    found = move_buttons(state, say)
    found.append(button(say("button.history"), ActionId.SHOW_HISTORY, value=pointer))
    if options:
        found.append(overflow(ActionId.MORE, options))
    return found


def _more(choice: MoreOption, state: ContractState, say: Speaker) -> dict[str, object]:
    return option(say(f"more.{choice}"), f"{choice}:{state.id}")


def step_buttons(state: ContractState, step: StepState, *, primary: bool, say: Speaker) -> list[Element]:
    pointer = Pointer(contract=state.id, step=step.step.id).dump()
    style = "primary" if primary else None
    if step.step.id != state.procedure.card_review_step or not state.cards:
        label = step.step.finish_label.in_language(say.language)
        return [button(label, f"{ActionId.FINISH_STEP}:{step.step.id}", value=pointer, style=style)]
    found = []
    if not state.review_was_requested or (state.rejected_cards and not state.cards_in_review):
        found.append(button(say("button.request_review"), ActionId.REQUEST_REVIEW, value=pointer, style=style))
        style = None
    found.append(button(say("button.card_decision"), ActionId.CARD_DECISION, value=pointer, style=style))
    return found


def _notification(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    if state.current is None or state.status is not ContractStatus.ACTIVE:
        return say("status.notification_ended", merchant=escape(state.merchant), status=wording.standing(state, say))
    return say(
        "status.notification",
        merchant=escape(state.merchant),
        step=state.current.step.title.in_language(say.language),
        waiting=wording.waiting(outlook, state.current, say),
    )
