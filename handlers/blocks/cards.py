"""The card companies at a glance: who has decided what, and what is still open."""

from __future__ import annotations

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import CardState
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, actions, context, escape, section
from handlers.blocks.status import step_buttons
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
    buttons = step_buttons(state, review, primary=True, say=say) if review.is_active else []
    if buttons:
        blocks.append(actions(*buttons))
    if state.cards_in_review:
        blocks.append(context(say("change.freeze")))
    return Message(text=title, blocks=blocks)


def _line(card: CardState, say: Speaker) -> str:
    name = card.card.name.in_language(say.language)
    parts = [f"{_MARKS[card.status]}  {name}", say(f"card_status.{card.status}")]
    day = card.decided_on or card.requested_on
    if day is not None:
        parts.append(say.day(day))
    if card.reason:
        parts.append(escape(card.reason))
    return "  ·  ".join(parts)
