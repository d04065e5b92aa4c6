"""The imported articles at hand: in memory, searched in well under a millisecond, read again after an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct
from sqlmodel import Session

from bot.articles.excerpts import Excerpt, quotation
from storage.articles import StoredSection, all_sections, newest_import

if TYPE_CHECKING:  # numpy, which nobody needs who has imported nothing
    from bot.articles.index import SectionIndex

# Calibrated on 35 questions on the 250 articles of PortOne's help centre and 48 questions on anything else: from here
# on no other question is answered, and of the former those stay below that name things by other words.
ENOUGH_EVIDENCE = 1.8
ENOUGH_COVERAGE = 0.45


class _Section(Struct, frozen=True):
    title: str
    headings: Sequence[str]
    url: str
    anchor: str
    as_of: date
    is_dated: bool
    text: str


class _Held(Struct, frozen=True):
    import_id: int
    sections: Sequence[_Section]
    index: SectionIndex


class ArticleShelf:
    def __init__(self) -> None:
        self._held: _Held | None = None

    def refresh(self, *, session: Session) -> bool:
        """Reads all articles again if there was an import since the last time. Returns whether there was.

        May run on another thread than `find`, which sees the old articles until the new ones are ready.
        """
        newest = newest_import(session=session)
        if newest == (self._held.import_id if self._held else 0):
            return False
        from bot.articles.index import SectionIndex

        sections: list[_Section] = []
        index = SectionIndex.build(_indexed(all_sections(session=session), sections))
        self._held = _Held(newest, sections, index)
        return True

    def find(self, question: str) -> Excerpt | None:
        held = self._held
        if held is None or not held.sections:
            return None
        from bot.articles.grams import read_question

        asked = read_question(question)
        hit = held.index.search(asked, evidence_from=ENOUGH_EVIDENCE, coverage_from=ENOUGH_COVERAGE)
        if hit is None:
            return None
        section = held.sections[hit.section]
        return Excerpt(
            title=section.title,
            headings=tuple(section.headings),
            text=quotation(section.text, held.index.rarity(asked.keys)),
            url=f"{section.url}#{quote(section.anchor)}" if section.url and section.anchor else section.url,
            as_of=section.as_of,
            is_dated=section.is_dated,
        )


def _indexed(stored: Iterator[StoredSection], kept: list[_Section]) -> Iterator[tuple[str, str]]:
    """Each section's text and names, while the section itself is put into `kept`."""
    once: dict[str, str] = {}  # the sections of an article share their title and address
    for one in stored:
        title, url = once.setdefault(one.title, one.title), once.setdefault(one.url, one.url)
        kept.append(_Section(title, one.headings, url, one.anchor, one.as_of, one.is_dated, one.text))
        yield one.text, "\n".join([one.title, *one.headings, one.keywords])
