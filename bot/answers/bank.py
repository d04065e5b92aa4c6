"""The bank of phrasings: how people ask about each topic, from which the model learns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bot.answers.features import Features
from bot.answers.reading import Reader
from bot.answers.topics import Topic

_ENGLISH = re.compile("[a-z]+")


def read_bank(topics: Iterable[Topic], reader: Reader) -> tuple[list[Features], list[str]]:
    """How people ask, as the model sees it, and the topic of each line."""
    lines = [(topic.id, line) for topic in topics for line in topic.asked]
    known: dict[str, str] = {}  # one object for equal names: a third of the memory
    features = [
        {block: tuple(known.setdefault(name, name) for name in names) for block, names in read.items()}
        for read in (reader.features(reader.read(line)) for _, line in lines)
    ]
    return features, [topic_id for topic_id, _ in lines]


def vocabulary(topics: Iterable[Topic]) -> frozenset[str]:
    """English words that people use here: those of more than one phrasing."""
    seen = Counter(word for topic in topics for line in topic.asked for word in set(_ENGLISH.findall(line.lower())))
    return frozenset(word for word, times in seen.items() if times > 1)
