"""One file of a help centre, read into an article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from bot.articles.components import as_markdown
from bot.articles.front_matter import (
    address_of,
    day_of,
    description_of,
    is_unpublished,
    keywords_of,
    split_front_matter,
    text_of,
)
from bot.articles.markdown import MarkdownReader, readable
from bot.articles.model import Article, LeftOut, Section, Unreadable

LARGEST = 2 * 1024 * 1024
"""bytes; a page that people read is a hundredth of it"""
READING = 1
"""Counted up when the same file is read into something else than before: the next import then reads all anew."""

_FIRST_PAGES = frozenset({"index", "readme", "page", "+page"})
_WHOLE_PATH = "{path}"
_LONGEST_TITLE = 300
_COMPONENT = re.compile(r"<[A-Z][\w.]*[\s/>]")
"""Where components are, .md is written like .mdx: what stands in them is indented, and no code."""


class Publishing(Struct, frozen=True):
    """What nobody can read from the files: where they are published, and the state of which day they describe."""

    today: date
    base_url: str = ""
    """http(s), ends with a slash; an article's name is put behind it, or its path where `{path}` stands"""
    as_of: date | None = None
    """of articles that name no day themselves"""


class ArticleReader:
    def __init__(self, publishing: Publishing) -> None:
        self._publishing = publishing
        self._markdown = MarkdownReader()

    def read(self, path: str, content: bytes) -> Article:
        """Raises Unreadable, LeftOut."""
        front, body = split_front_matter(_decoded(content))
        if is_unpublished(front):
            raise LeftOut(path)
        is_mdx = path.lower().endswith(".mdx")
        markdown = as_markdown(body, is_mdx=is_mdx)
        indented_code = not is_mdx and not _COMPONENT.search(body)
        found = list(self._markdown.sections(markdown, indented_code=indented_code))
        description = readable(description_of(front))
        if description:
            found = _led_by(description, found)
        title = _in_line(text_of(front, "title"))[:_LONGEST_TITLE] or _title_from(found, path)
        if not found:
            raise LeftOut(path)  # only components, or code: there is nothing to quote
        day = day_of(front, latest=self._publishing.today) or self._publishing.as_of
        return Article(
            path=path,
            title=title,
            url=self._address(path, front),
            as_of=day or self._publishing.today,
            is_dated=day is not None,
            keywords=_in_line(keywords_of(front)),
            sections=tuple(_without_title(section, title) for section in found),
        )

    def _address(self, path: str, front: Mapping[str, Any]) -> str:
        if given := address_of(front):
            return given
        base = self._publishing.base_url
        if not base:
            return ""
        slug = text_of(front, "slug") or text_of(front, "permalink")
        if _WHOLE_PATH in base:
            return base.replace(_WHOLE_PATH, quote((slug or _page(path)).strip("/")))
        return base + quote(slug.strip("/") or PurePosixPath(_page(path)).name)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1024 // 1024} MB")
    if b"\0" in content:
        raise Unreadable("is not text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        raise Unreadable("is not UTF-8 text; save it as UTF-8", line) from broken
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _in_line(text: str) -> str:
    return readable(text.replace("\n", " "))


def _page(path: str) -> str:
    """The path of the page: a folder's first page is the folder."""
    page = PurePosixPath(path).with_suffix("")
    return str(page.parent) if page.name.lower() in _FIRST_PAGES and page.parent.name else str(page)


def _title_from(sections: list[Section], path: str) -> str:
    named = next((section.headings[0] for section in sections if section.headings), "")
    return named[:_LONGEST_TITLE] or PurePosixPath(_page(path)).name


def _led_by(description: str, sections: list[Section]) -> list[Section]:
    """The sections with the description before all else, unless the article begins with it anyway."""
    if not sections or sections[0].headings:
        return [Section((), "", description), *sections]
    first = sections[0]
    if first.text.startswith(description):
        return sections
    return [Section((), first.anchor, f"{description}\n{first.text}"), *sections[1:]]


def _without_title(section: Section, title: str) -> Section:
    """A page's first heading is its title once more."""
    if section.headings[:1] != (title,):
        return section
    return Section(section.headings[1:], section.anchor, section.text)
