"""Where a fact comes from: always with the day whose state we know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.procedure.model import Procedure, Source, Statement
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import escape

_NAMED = 3


def sources_line(sources: Sequence[Source], say: Speaker) -> str:
    return say("answer.sources", sources="  ·  ".join(source_link(source, say) for source in sources[:_NAMED]))


def source_link(source: Source, say: Speaker) -> str:
    link = f"<{source.url}|{escape(source.title.in_language(say.language))}>"
    return say("answer.source", link=link, day=source.as_of)


def sources_of(statements: Iterable[Statement], procedure: Procedure) -> list[Source]:
    """Each once, in the order in which they are named."""
    named = dict.fromkeys(source for statement in statements for source in statement.sources)
    return [procedure.source(source_id) for source_id in named]
