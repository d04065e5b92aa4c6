"""The few sentences of a section that are quoted, as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

LONGEST = 300
"""characters of a quotation"""
_SENTENCES = 3
_LOOKED_AT = 40  # sentences; a section that long is a table or a list of changes
_LINK_MARKS = ("↗", "↓", "→", "»")
"""What ends with one of these is the label of a link, and says nothing without it."""
_SENTENCE_END = re.compile(r"(?<=[^\d\s.][.!?][ \t])(?=\S)")


class Excerpt(Struct, frozen=True):
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

    @property
    def place(self) -> str:
        """The article and the heading in it, as one line."""
        return " › ".join([self.title, *self.headings])


class ArticleSearch(Protocol):
    def find(self, question: str) -> Excerpt | None:
        """What an article says on the question, if one surely is about it."""
        ...


def quotation(text: str, rarity: Mapping[int, float]) -> str:
    """At most three sentences of `text` in a row that say most of what was asked.

    `rarity`: the keys of the question, and how much each of them says.
    """
    from bot.articles.grams import keys_of  # numpy, which a start does not wait for

    sentences = _sentences(text)
    if not any(map(str.strip, sentences)):
        sentences = [text]
    found = [rarity.keys() & set(keys_of(sentence).tolist()) for sentence in sentences]

    def rank(window: range) -> tuple[float, bool, int]:
        said = set().union(*(found[at] for at in window))
        # Of two that say as much, the one that starts with it and goes on.
        return round(sum(rarity[key] for key in said), 3), bool(found[window.start]), len(window)

    saying = (window for window in _windows(sentences) if any(sentences[at].strip() for at in window))
    best = max(saying, key=rank)
    quoted = "".join(sentences[at] for at in best).strip()
    return quoted if len(quoted) <= LONGEST else _shortened(quoted)


def _sentences(text: str) -> list[str]:
    """Each with the space or the line's end that follows it."""
    lines = [line for line in text.split("\n") if not line.endswith(_LINK_MARKS)]
    return [sentence for line in lines for sentence in _SENTENCE_END.split(f"{line}\n")][:_LOOKED_AT]


def _windows(sentences: Sequence[str]) -> Iterator[range]:
    """One, two or three sentences in a row, as far as they are short enough together."""
    for start in range(len(sentences)):
        yield range(start, start + 1)
        for end in range(start + 2, min(start + _SENTENCES, len(sentences)) + 1):
            if sum(map(len, sentences[start:end])) > LONGEST:
                break
            yield range(start, end)


def _shortened(text: str) -> str:
    """The beginning of one long sentence, up to a whole word."""
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip() + "…"
