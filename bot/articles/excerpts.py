"""The few sentences of a section that are quoted, as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.articles.grams import keys_of

LONGEST = 300
"""characters of a quotation"""
_SENTENCES = 3
_LOOKED_AT = 60  # sentences; a section that long is a table or a list of changes
_LINK_MARKS = ("↗", "↓", "→", "»")
"""What ends with one of these is the label of a link, and says nothing without it."""
_SENTENCE_END = re.compile(r"(?<=[^\d\s.][.!?])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What an article says on a question. All of it is data that somebody else has written."""

    title: str
    headings: tuple[str, ...]
    text: str
    """as it stands there; `\\n` between lines"""
    url: str
    """http(s), or empty"""
    as_of: date
    is_dated: bool
    """False: the article names no day, and `as_of` is the day of its import"""


def quotation(text: str, rarity: Mapping[int, float]) -> str:
    """At most three sentences of `text` in a row that say most of what was asked.

    `rarity`: the keys of the question, and how much each of them says.
    """
    sentences = [
        (sentence, at == 0) for line in text.split("\n") for at, sentence in enumerate(_SENTENCE_END.split(line))
    ][:_LOOKED_AT]
    found = [rarity.keys() & set(keys_of(sentence).tolist()) for sentence, _ in sentences]
    if not sentences:
        return text if len(text) <= LONGEST else _shortened(text)
    best, best_rank = "", (-1.0, 0, 0)
    for start in range(len(sentences)):
        quoted = ""
        covered: set[int] = set()
        for end in range(start, min(start + _SENTENCES, len(sentences))):
            sentence, begins_line = sentences[end]
            longer = sentence if end == start else f"{quoted}{chr(10) if begins_line else ' '}{sentence}"
            if len(longer) > LONGEST and quoted:
                break
            quoted, covered = longer, covered | found[end]
            # Of two that say as much, the one that starts with it and goes on.
            rank = (round(sum(rarity[key] for key in covered), 3), int(bool(found[start])), end - start)
            if rank > best_rank:
                best, best_rank = quoted, rank
    return best if len(best) <= LONGEST else _shortened(best)


def _shortened(text: str) -> str:
    """The beginning of one long sentence, up to a whole word."""
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip() + "…"
