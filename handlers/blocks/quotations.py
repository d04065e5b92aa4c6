"""What an imported article says, as a quotation: in rich text, where nothing in it means anything to Slack."""

from __future__ import annotations

from bot.answers.replies import Quoted
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, clip, context, escape, rich_quote

_LONGEST_PLACE = 200


def quotation(quoted: Quoted, say: Speaker) -> list[Block]:
    """The marked quotation, and below it where and of which day it is."""
    excerpt = quoted.excerpt
    title = escape(clip(excerpt.title, _LONGEST_PLACE))
    link = f"<{escape(excerpt.url)}|{title}>" if excerpt.url else title
    source = say("answer.source" if excerpt.is_dated else "articles.undated", link=link, day=excerpt.as_of)
    return [
        rich_quote(quoted.label, clip(excerpt.place, _LONGEST_PLACE), excerpt.text),
        context(say("answer.sources", sources=source)),
    ]
