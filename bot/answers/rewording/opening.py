"""Puts the rewording together from what the assistant knows."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.cards import CardNames
from bot.answers.fitted import OWN_LEXICON
from bot.answers.lexicon import LexiconFile
from bot.answers.rewording.breaker import CircuitBreaker
from bot.answers.rewording.by_model import ByModel
from bot.answers.rewording.proof import Proof
from bot.answers.rewording.protocol import Writer
from bot.answers.rewording.vocabulary import Vocabulary
from bot.answers.rewording.words import Words
from bot.answers.topic_book import TopicBook
from bot.answers.topics import Kind
from bot.clock import Clock
from bot.datafile import read_data_file
from bot.procedure.data import Text
from bot.procedure.load import Procedures
from bot.procedure.model import Procedure
from bot.settings import BadSettings, LanguageModel
from bot.texts.catalogue import LANGUAGES, Catalogues


def open_writer(model: LanguageModel) -> Writer:
    """Raises BadSettings where the packages of the extra `llm` are missing."""
    try:
        from bot.answers.rewording.writer import AgentWriter
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] == "bot":
            raise
        raise BadSettings(
            "ANSWER_MODEL: needs the packages of the extra llm: python3 -m uv run --no-dev --extra llm app.py"
        ) from missing
    return AgentWriter.connect(model)


def open_rewording(
    writer: Writer, *, topics: TopicBook, procedures: Procedures, texts: Catalogues, clock: Clock, seconds: float = 3.0
) -> ByModel:
    """Only facts are worded anew: what nobody publishes, what lies outside and small talk stand as written."""
    return ByModel(
        writer,
        open_proof(topics=topics, procedures=procedures, texts=texts),
        CircuitBreaker(clock),
        topics=frozenset(topic.id for topic in topics.topics.values() if topic.kind is Kind.FACT),
        seconds=seconds,
    )


def open_proof(*, topics: TopicBook, procedures: Procedures, texts: Catalogues) -> Proof:
    """Raises BadDataFile."""
    words = Words.load()
    vocabulary = Vocabulary(
        words,
        names=[name for procedure in procedures.values() for name in _names(procedure)],
        cards=CardNames(list(procedures.values()), read_data_file(OWN_LEXICON, LexiconFile).everyday_card_words),
        texts=[*_own_texts(topics, procedures), *_catalogue(texts)],
        asked={topic.id: topic.asked for topic in topics.topics.values()},
    )
    return Proof(words, vocabulary)


def _names(procedure: Procedure) -> Iterator[str]:
    pg = procedure.pg
    named = [pg.name, pg.former_name, pg.brand, *(contact.who for contact in procedure.contacts)]
    named += [step.title for step in procedure.steps]
    yield from pg.words
    for text in named:
        if text is not None:
            yield from _both(text)


def _own_texts(topics: TopicBook, procedures: Procedures) -> Iterator[str]:
    for topic in topics.topics.values():
        for text in (topic.answer, topic.more, topic.title):
            if text is not None:
                yield from _both(text)
    for procedure in procedures.values():
        for statement in procedure.statements():
            yield from (statement.ko, statement.en)


def _catalogue(texts: Catalogues) -> Iterator[str]:
    for language in LANGUAGES:
        speaker = texts.speaker(language)
        yield from (speaker.pattern(key) for key in speaker)


def _both(text: Text) -> tuple[str, str]:
    return text.ko, text.en
