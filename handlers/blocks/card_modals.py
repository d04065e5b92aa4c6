"""The card companies' board as a form: what each of them decided, and what to do about a rejection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.contracts import wording
from bot.contracts.state import CardState, ContractState
from bot.procedure.model import CardReviewHelp
from bot.texts.catalogue import Speaker
from bot.texts.particles import Word
from handlers.blocks.freeze import freeze_rule
from handlers.blocks.modals import REASON_LENGTH
from handlers.blocks.parts import (
    Block,
    context,
    date_input,
    escape,
    input_block,
    modal,
    option,
    ready_text,
    section,
    select,
    text_input,
)
from handlers.blocks.sources import sources_line, sources_of
from handlers.ids import ViewId
from handlers.values import Pointer
from storage.tables import CardStatus

_WISHES = (CardStatus.NOT_REQUESTED, CardStatus.NOT_WANTED)
_DECISIONS = (
    CardStatus.NOT_REQUESTED,
    CardStatus.IN_REVIEW,
    CardStatus.APPROVED,
    CardStatus.REJECTED,
    CardStatus.NOT_WANTED,
)
_MOST_REASONS = 20


def board_modal(state: ContractState, *, today: date, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    """One menu for each card company; before the review it only asks which of them the merchant wants.

    The pointer remembers what was shown, so that only what somebody changed is recorded.
    """
    is_open = state.step(state.procedure.card_review_step).is_active
    intro = wording.card_summary(state, say) if is_open else say("card_decision.wishes")
    blocks: list[Block] = [section(intro or say("card_decision.none_wanted"))]
    blocks += [_card_input(card, _DECISIONS if is_open else _WISHES, say) for card in state.cards]
    if is_open:
        blocks.append(input_block(say("card_decision.day"), date_input(today.isoformat()), block_id="day"))
    if state.cards_in_review:
        blocks += freeze_rule(state, say)
    return modal(
        title=say("card_decision.title"),
        submit=say("card_decision.submit"),
        close=say("modal.close"),
        callback_id=ViewId.CARD_DECISION,
        private_metadata=pointer.showing({card.card.id: card.status for card in state.cards}).dump(),
        blocks=blocks,
    )


def rejection_modal(
    state: ContractState, rejected: Sequence[CardState], *, pointer: Pointer, say: Speaker
) -> dict[str, Any]:
    """Why it may have been, why it was, and the text that asks the PG for another review."""
    known = state.procedure.card_review_help
    rejected = rejected[:_MOST_REASONS]
    blocks: list[Block] = [
        input_block(
            say("rejection.reason", card=card.card.name.in_language(say.language)),
            text_input(multiline=True, max_length=REASON_LENGTH, initial=card.reason),
            block_id=card.card.id,
            optional=True,
        )
        for card in rejected
    ]
    if known is not None:
        blocks += _causes(state, known, say)
        names = ", ".join(card.card.name.in_language(say.language) for card in rejected)
        text = known.ready_message.in_language(say.language).format(merchant=Word(state.merchant), cards=Word(names))
        blocks.append(ready_text(say("nudge.ready_message"), text))
    blocks.append(context(say("rejection.then")))
    return modal(
        title=say("rejection.title"),
        submit=say("rejection.submit"),
        close=say("modal.close"),
        callback_id=ViewId.REJECTION,
        private_metadata=pointer.dump(),
        blocks=blocks,
    )


def _card_input(card: CardState, choices: Sequence[CardStatus], say: Speaker) -> Block:
    options = {status: option(say(f"card_status.{status}"), status) for status in choices}
    current = options.get(card.status) or option(say(f"card_status.{card.status}"), card.status)
    listed = list(options.values()) if card.status in options else [current, *options.values()]
    parts = [say.day(day) for day in (card.decided_on or card.requested_on,) if day]
    parts += [card.reason] if card.reason else []
    return input_block(
        card.card.name.in_language(say.language),
        select(listed, initial=current),
        block_id=card.card.id,
        hint="  ·  ".join(parts) or None,
    )


def _causes(state: ContractState, known: CardReviewHelp, say: Speaker) -> list[Block]:
    again = state.procedure.statement(known.review_again)
    causes = "\n".join(f"•  {escape(cause.in_language(say.language))}" for cause in known.rejection_causes)
    sources = sources_of([*known.rejection_causes, again], state.procedure)
    return [
        section(f"*{say('rejection.causes')}*\n{causes}"),
        context(sources_line(sources, say)),
        section(escape(again.in_language(say.language))),
    ]
