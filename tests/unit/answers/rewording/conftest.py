"""The shipped topics as people read them, and the proof that a new wording has to pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from bot.answers.rewording.opening import open_proof
from bot.answers.rewording.proof import Proof
from bot.answers.topic_book import Told, TopicBook
from bot.answers.topics import Kind
from bot.procedure.load import Procedures
from bot.texts.catalogue import Catalogues

Judge = Callable[[str, str], str | None]
"""The flaw of a wording (second) of a text (first)."""


@pytest.fixture(scope="session")
def topic_book(procedures: Procedures, texts: Catalogues) -> TopicBook:
    return TopicBook.load(procedures, texts)


@pytest.fixture(scope="session")
def proof(topic_book: TopicBook, procedures: Procedures, texts: Catalogues) -> Proof:
    return open_proof(topics=topic_book, procedures=procedures, texts=texts)


@pytest.fixture(scope="session")
def judge(proof: Proof) -> Judge:
    def flaw(text: str, wording: str) -> str | None:
        language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
        return proof.flaw(wording, text=text, below="", language=language)

    return flaw


@pytest.fixture(scope="session")
def all_told(topic_book: TopicBook, procedures: Procedures) -> Mapping[tuple[str, str], Told]:
    """Every fact as it is told, by topic and language."""
    procedure = next(iter(procedures.values()))
    return {
        (topic.id, language): topic_book.tell(topic.id, procedure, language)
        for topic in topic_book.topics.values()
        if topic.kind is Kind.FACT
        for language in ("ko", "en")
    }
