"""An article of a help centre, as it is searched and quoted."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Section(Struct, frozen=True):
    headings: tuple[str, ...]
    """from the outermost heading to its own; empty for what stands before the first one"""
    anchor: str
    """of its heading in the page, without the #; empty before the first one"""
    text: str
    """plain text, one line for each paragraph, list item and table row"""


class Article(Struct, frozen=True):
    path: str
    """from the imported folder, with slashes, in NFC: what an article is known by"""
    title: str
    url: str
    """http(s), or empty where nobody said where the article is published"""
    as_of: date
    is_dated: bool
    """False: the article names no day, and `as_of` is the day of the import"""
    keywords: str
    """words that stand for it beside its text: category, tags, search tags, payment gateways"""
    sections: tuple[Section, ...]


class Unreadable(Exception):
    """Why a file is refused. `line` counts from 1; None where the file as a whole is meant."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class LeftOut(Exception):
    """A file that is in order, and no article: a draft, a piece of other pages, a page without a sentence."""
