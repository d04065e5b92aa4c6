"""Where no topic answers: what an imported article says, quoted, with who to ask still named."""

from __future__ import annotations

from msgspec.structs import replace

from bot.answers.replies import Outcome, Quoted, Reply
from bot.articles.excerpts import ArticleSearch
from bot.texts.catalogue import Speaker


def with_article(reply: Reply, question: str, articles: ArticleSearch | None, say: Speaker) -> Reply:
    """The reply with a quotation, if we hand over or can only offer topics, and an article surely is about it.

    It becomes an answer only where nothing else is known: what a topic says is not ours stays handed over.
    """
    if articles is None or reply.outcome not in {Outcome.HAND_OVER, Outcome.CHOOSE}:
        return reply
    excerpt = articles.find(question)
    if excerpt is None:
        return reply
    quoted = Quoted(say("articles.label"), excerpt)
    if reply.topic is not None or reply.outcome is Outcome.CHOOSE:
        return replace(reply, quoted=quoted)
    return replace(reply, outcome=Outcome.ANSWER, text=say("articles.found"), quoted=quoted, quiet=True)
