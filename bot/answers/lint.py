"""Advice to those who write topics and the lexicon: phrasings that stand alone, terms that count by accident."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from bot.answers.bank import read_bank, vocabulary
from bot.answers.lexicon import Group, Hit, load_lexicon
from bot.answers.model import leave_one_out
from bot.answers.reading import Reader
from bot.answers.topics import Kind, Topic
from bot.procedure.model import Procedure

_AMONG = 3


class Misplaced(Struct, frozen=True):
    """A phrasing that a model without it would not even offer: it belongs elsewhere, or has no like."""

    topic: str
    phrasing: str
    likelier: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.topic}: {self.phrasing!r} looks more like {', '.join(self.likelier)}"


class Collision(Struct, frozen=True):
    """A term of the lexicon that a phrasing holds only by accident, or so it seems."""

    concept: str
    term: str
    reason: str
    phrasing: str

    def __str__(self) -> str:
        return f"{self.concept}: {self.term!r} {self.reason} in {self.phrasing!r}"


def misplaced(topics: Sequence[Topic], procedures: Sequence[Procedure]) -> list[Misplaced]:
    """Phrasings whose topic is not among the three best of a model fitted without them, in the topics' order."""
    reader = Reader(load_lexicon(procedures, vocabulary(topics)))
    labels, scores = leave_one_out(*read_bank(topics, reader))
    outside = {topic.id for topic in topics if topic.kind is Kind.OUTSIDE}
    lines = [(topic.id, phrasing) for topic in topics for phrasing in topic.asked]
    found: list[Misplaced] = []
    for (topic_id, phrasing), row in zip(lines, scores, strict=True):
        best = tuple(labels[at] for at in np.argsort(row)[::-1][:_AMONG])
        as_good = outside if topic_id in outside else {topic_id}
        if not as_good & set(best):
            found.append(Misplaced(topic_id, phrasing, best))
    return found


def collisions(topics: Sequence[Topic], procedures: Sequence[Procedure]) -> list[Collision]:
    """Each term once, with the first phrasing in which it counts only by its sound, or where it does not belong."""
    lexicon = load_lexicon(procedures, vocabulary(topics))
    reader = Reader(lexicon)
    found: dict[tuple[str, str, str], Collision] = {}
    for topic in topics:
        for phrasing in topic.asked:
            for hit in lexicon.hits(reader.read(phrasing).letters):
                reason = _accident(hit, lexicon.group(hit.concept), topic.kind)
                if reason:
                    collision = Collision(hit.concept, hit.term, reason, phrasing)
                    found.setdefault((hit.concept, hit.term, reason), collision)
    return list(found.values())


def _accident(hit: Hit, group: Group, kind: Kind) -> str:
    if group is Group.OUTSIDE and kind is not Kind.OUTSIDE:
        return "lies outside, and stands"
    return "" if hit.exact else "counts only by its sound"
