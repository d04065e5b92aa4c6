"""What must not change while a card review runs, and who says so."""

from __future__ import annotations

from bot.contracts.state import ContractState
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, context, escape
from handlers.blocks.sources import sources_line, sources_of


def freeze_rule(state: ContractState, say: Speaker) -> list[Block]:
    """Nothing for a procedure that knows no such rule."""
    known = state.procedure.card_review_help
    if known is None:
        return []
    rule = state.procedure.statement(known.freeze)
    text = f"⚠️ {escape(rule.in_language(say.language))}"
    return [context(text, *([sources_line(sources_of([rule], state.procedure), say)] if rule.sources else []))]
