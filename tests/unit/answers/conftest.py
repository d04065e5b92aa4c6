"""The shipped topics, understood once for all tests, and a way to ask as a person would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest

from bot.answers.topic_book import OWN_TOPICS
from bot.answers.topics import Topic, TopicFile
from bot.answers.understanding import Meaning, ThreadContext, Understanding, Utterance
from bot.cachefile import cache_folder
from bot.datafile import read_data_file
from bot.procedure.load import load_procedures
from bot.procedure.model import Procedure

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""A Tuesday, 12:00 in Seoul."""
SEOUL = ZoneInfo("Asia/Seoul")


class Ask(Protocol):
    def __call__(self, text: str, context: ThreadContext | None = None) -> Meaning: ...


@pytest.fixture(scope="session")
def own_procedures() -> list[Procedure]:
    return list(load_procedures().values())


@pytest.fixture(scope="session")
def own_topics() -> list[Topic]:
    return [topic for path in sorted(OWN_TOPICS.glob("*.yml")) for topic in read_data_file(path, TopicFile).topics]


@pytest.fixture(scope="session")
def understanding(own_topics: Sequence[Topic], own_procedures: Sequence[Procedure]) -> Understanding:
    """With the model that the product keeps, and fits anew after a change of the topics or of the code (15 s)."""
    return Understanding.build(own_topics, own_procedures, cache_dir=cache_folder())


@pytest.fixture(scope="session")
def ask(understanding: Understanding) -> Ask:
    def understand(text: str, context: ThreadContext | None = None) -> Meaning:
        return understanding.understand(Utterance(text, NOW, SEOUL.key, context))

    return understand
