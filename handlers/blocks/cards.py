"""The card companies at a glance: who has decided what, and what is still open."""

from __future__ import annotations

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import CardState, ContractState, StepState
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.freeze import freeze_rule
from handlers.blocks.parts import Block, Element, actions, button, escape, section
from handlers.blocks.status import step_buttons
from handlers.ids import ActionId
from handlers.values import Pointer
from storage.tables import CardStatus

_MARKS = {
    CardStatus.NOT_REQUESTED: "▫️",
    CardStatus.IN_REVIEW: "⏳",
    CardStatus.APPROVED: "✅",
    CardStatus.REJECTED: "❌",
    CardStatus.NOT_WANTED: "➖",
}


def card_board(outlook: Outlook, say: Speaker) -> Message:
    state = outlook.state
    review = state.step(state.procedure.card_review_step)
    title = say("board.title", merchant=escape(state.merchant))
    if not state.cards:
        text = say("board.no_cards")
        return Message(text=text, blocks=[section(f"*{title}*\n{text}")])
    blocks: list[Block] = [section(f"*{title}*\n{wording.card_summary(state, say)}")]
    if review.is_active:
        lines = [wording.waiting(outlook, review, say), wording.expectation(outlook, review, say)]
        blocks.append(section("\n".join(line for line in lines if line)))
    elif not review.is_done:
        blocks.append(section(say("board.not_yet")))
    blocks.append(section("\n".join(_line(card, say) for card in state.cards)))
    buttons = _buttons(state, review, say)
    if buttons:
        blocks.append(actions(*buttons))
    if state.cards_in_review:
        blocks += freeze_rule(state, say)
    return Message(text=title, blocks=blocks)


def _buttons(state: ContractState, review: StepState, say: Speaker) -> list[Element]:
    if not state.is_running or review.is_done:
        return []
    pointer = Pointer(contract=state.id).dump()
    if not review.is_active:
        return [button(say("button.choose_cards"), ActionId.CARD_DECISION, value=pointer)]
    return [*step_buttons(state, review, primary=True, say=say), *rejection_button(state, say)]


def rejection_button(state: ContractState, say: Speaker) -> list[Element]:
    if not state.is_running or not state.rejected_cards:
        return []
    return [button(say("button.rejection"), ActionId.REJECTION, value=Pointer(contract=state.id).dump())]


def _line(card: CardState, say: Speaker) -> str:
    name = card.card.name.in_language(say.language)
    parts = [f"{_MARKS[card.status]}  {name}", say(f"card_status.{card.status}")]
    day = card.decided_on or card.requested_on
    if day is not None:
        parts.append(say.day(day))
    if card.reason:
        parts.append(escape(card.reason))
    return "  ·  ".join(parts)
