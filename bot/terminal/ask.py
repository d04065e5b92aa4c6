"""`app.py ask`: answers on the terminal."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator

from bot.answers.assistant import Assistant
from bot.answers.replies import Reply
from bot.answers.situation import Situation
from bot.articles.excerpts import ArticleSearch
from bot.settings import Settings

log = logging.getLogger(__name__)

Reword = Callable[[str, Reply], Reply]
"""Gives the reply to a question other words, or leaves it as it is."""

_SITUATION = Situation(language="ko")


def articles_at_hand(settings: Settings) -> ArticleSearch | None:
    """What was imported, if the database is there and has it. Makes no database, and waits for none."""
    file = settings.sqlite_file
    if file is not None and not file.exists():
        return None
    from sqlalchemy.exc import SQLAlchemyError

    from bot.articles.shelf import ArticleShelf
    from storage.database import Database

    shelf = ArticleShelf()
    try:
        with Database(settings.database_url, threads=1, connect_seconds=2) as database, database.reading() as session:
            shelf.refresh(session=session)
    except SQLAlchemyError as missing:
        log.info("no imported articles: %s", type(getattr(missing, "orig", missing)).__name__)
    return shelf


def answer(assistant: Assistant, question: str, *, as_json: bool, reword: Reword) -> str:
    reply = reword(question, assistant.reply(question, _SITUATION))
    return json.dumps(reply_as_json(question, reply), ensure_ascii=False) if as_json else _as_lines(reply)


def answer_lines(assistant: Assistant, lines: Iterable[str], *, reword: Reword) -> Iterator[str]:
    """One JSON object for every line that is not empty."""
    for line in lines:
        question = line.strip()
        if question:
            yield answer(assistant, question, as_json=True, reword=reword)


def reply_as_json(question: str, reply: Reply) -> dict[str, object]:
    """The shape that outsiders rely on; `text` is what a person would read, with its figures."""
    return {
        "question": question,
        "outcome": reply.outcome,
        "topic": reply.topic,
        "text": "\n".join(part for part in (reply.text, reply.more, *_quotation(reply)) if part),
        "sources": [{"title": title, "url": url, "as_of": day} for title, url, day in _sources(reply)],
        "confidence": round(reply.confidence, 4),
        "choices": [choice.topic for choice in reply.choices],
    }


def _quotation(reply: Reply) -> list[str]:
    if reply.quoted is None:
        return []
    return [f"{reply.quoted.label}: {reply.quoted.excerpt.place}", reply.quoted.excerpt.text]


def _sources(reply: Reply) -> Iterator[tuple[str, str, str]]:
    """Title, address and day of what the reply rests on; a quoted article has no address where nobody gave one."""
    for source in reply.sources:
        yield source.title.in_language(reply.language), source.url, source.as_of.isoformat()
    if reply.quoted is not None:
        yield reply.quoted.excerpt.title, reply.quoted.excerpt.url, reply.quoted.excerpt.as_of.isoformat()


def _as_lines(reply: Reply) -> str:
    parts = [reply.text, reply.more, *_quotation(reply)]
    parts += [f"- {choice.title}" for choice in reply.choices]
    parts += [f"({title}, {day}: {url})" if url else f"({title}, {day})" for title, url, day in _sources(reply)]
    return "\n".join(part for part in parts if part)
