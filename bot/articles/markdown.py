"""Markdown as sections of plain text, each with its headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.articles.model import Section

# No `fence`, `html_*`: code and tags are gone before, and what is left of them is text.
_RULES_OFF = ("fence", "html_block", "html_inline")
_EXPLICIT_ANCHOR = re.compile(r"\s*\{#([\w가-힣.-]+)\}\s*$")
_LEFT_OVER = re.compile(r"\*{2,}|~{2,}")  # `**"굵게"**는`: Markdown does not see the end of it, people do
_ALERT = re.compile(r"\[!(\w+)\]\s*")
_SPACES = re.compile(r"[^\S\n]+")
_NOT_IN_ANCHOR = re.compile(r"[^\w\s-]")


class MarkdownReader:
    def __init__(self) -> None:
        self._with_code = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable(_RULES_OFF)
        self._without_code = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable([*_RULES_OFF, "code"])

    def sections(self, markdown: str, *, indented_code: bool) -> Iterator[Section]:
        """`indented_code`: whether four spaces make code, as in Markdown, or nothing, as in MDX."""
        parser = self._with_code if indented_code else self._without_code
        return _Sections(parser.parse(markdown)).read()


class _Sections:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._headings: list[tuple[int, str]] = []
        self._anchor = ""
        self._anchors: dict[str, int] = {}
        self._lines: list[str] = []
        self._bullets: list[str | int] = []
        self._mark = ""
        """stands before the next line: the bullet or number of its list item"""
        self._cells: list[str] | None = None
        self._is_told = True
        """whether the last heading, or one below it, stands in a section"""

    def read(self) -> Iterator[Section]:
        for at, token in enumerate(self._tokens):
            if token.type == "heading_open":
                level = int(token.tag[1])
                yield from self._finished(next_level=level)
                self._begin(level, self._tokens[at + 1])
            elif token.type == "inline" and self._tokens[at - 1].type != "heading_open":
                self._say(inline_text(token))
            else:
                self._structure(token)
        yield from self._finished()

    def _begin(self, level: int, content: Token) -> None:
        text = inline_text(content)
        explicit = _EXPLICIT_ANCHOR.search(text)
        title = _EXPLICIT_ANCHOR.sub("", text).replace("\n", " ").strip()
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if title:
            self._headings.append((level, title))
            self._is_told = False
        self._anchor = explicit.group(1) if explicit else self._unique(anchor_of(title))

    def _unique(self, anchor: str) -> str:
        """Headings of the same words get -1, -2 …, as on the pages."""
        seen = self._anchors.get(anchor, -1) + 1
        self._anchors[anchor] = seen
        return f"{anchor}-{seen}" if seen else anchor

    def _finished(self, *, next_level: int = 0) -> Iterator[Section]:
        """The section read so far. A heading over nothing but code or pictures says at least that they are there."""
        if not self._lines and self._headings and not self._is_told and next_level <= self._headings[-1][0]:
            self._lines = [self._headings[-1][1]]
        if self._lines:
            headings = tuple(title for _, title in self._headings)
            yield Section(headings, self._anchor, "\n".join(self._lines))
            self._is_told = True
        self._lines = []

    def _structure(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self._bullets.append("-")
        elif token.type == "ordered_list_open":
            self._bullets.append(int(token.attrs.get("start", 1)))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._bullets.pop()
        elif token.type == "list_item_open":
            self._mark = self._next_mark()
        elif token.type == "list_item_close":
            self._mark = ""
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close":
            cells, self._cells = self._cells or [], None
            self._say(" | ".join(cell for cell in cells if cell))

    def _next_mark(self) -> str:
        mark = self._bullets[-1]
        if isinstance(mark, int):
            self._bullets[-1] = mark + 1
            return f"{mark}. "
        return f"{mark} "

    def _say(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(text.replace("\n", " "))
            return
        lines = [line for line in (one.strip() for one in text.split("\n")) if line]
        if lines:
            self._lines += [self._mark + lines[0], *lines[1:]]
            self._mark = ""


def inline_text(token: Token) -> str:
    """What people read of a paragraph, heading or cell: `\\n` where a line ends on purpose."""
    parts = [_visible(child) for child in token.children or ()]
    text = "".join(parts)
    return readable(_LEFT_OVER.sub("", _ALERT.sub("", text, count=1) if text.startswith("[!") else text))


def readable(text: str) -> str:
    """In NFC, without control characters and repeated spaces; what a database can keep."""
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char == "\n" else _unprintable(char) for char in text)
    return _SPACES.sub(" ", text).strip()


def anchor_of(heading: str) -> str:
    """The anchor that GitHub, Docusaurus, Nextra and others make from a heading."""
    return _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


def _visible(token: Token) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    if token.type == "image":
        return "".join(_visible(child) for child in token.children or ())
    return token.content


def _unprintable(char: str) -> str:
    return " " if unicodedata.category(char) in {"Zs", "Zl", "Zp", "Cc"} else ""
