"""`app.py ask`: answers on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bot.answers.assistant import Assistant
from bot.answers.replies import Reply
from bot.answers.situation import Situation

_SITUATION = Situation(language="ko")


def answer(assistant: Assistant, question: str, *, as_json: bool) -> str:
    reply = assistant.reply(question, _SITUATION)
    return json.dumps(reply_as_json(question, reply), ensure_ascii=False) if as_json else _as_lines(reply)


def answer_lines(assistant: Assistant, lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for every line that is not empty."""
    for line in lines:
        question = line.strip()
        if question:
            yield answer(assistant, question, as_json=True)


def reply_as_json(question: str, reply: Reply) -> dict[str, object]:
    """The shape that outsiders rely on; `text` is what a person would read, with its figures."""
    return {
        "question": question,
        "outcome": reply.outcome,
        "topic": reply.topic,
        "text": "\n".join(part for part in (reply.text, reply.more) if part),
        "sources": [
            {"title": source.title.in_language(reply.language), "url": source.url, "as_of": source.as_of.isoformat()}
            for source in reply.sources
        ],
        "confidence": round(reply.confidence, 4),
        "choices": [choice.topic for choice in reply.choices],
    }


def _as_lines(reply: Reply) -> str:
    parts = [reply.text, reply.more]
    parts += [f"- {choice.title}" for choice in reply.choices]
    parts += [f"({source.title.in_language(reply.language)}, {source.as_of}: {source.url})" for source in reply.sources]
    return "\n".join(part for part in parts if part)
