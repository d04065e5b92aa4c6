"""Turns MDX into plain Markdown: what people read of components, HTML and expressions stays, the code goes.

Tolerant on purpose: what is not surely a tag, an expression or code is text, and stays. Nothing here raises for
any text, and every pass is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.articles.jsx import Tag, Value, closing_names, matching_braces, read_tag, string_of, strings_of
from bot.articles.source_lines import without_code

READ_ATTRIBUTES = (
    "title", "titleText", "data-title", "heading", "header", "subtitle", "question", "label", "text", "summary",
    "content", "description", "answer", "caption", "alt", "items", "labels",
)  # fmt: skip
"""The attributes that people see on the page, in the order in which they see them."""

_DROPPED = frozenset({"script", "style", "pre", "svg", "math"})
"""Elements of which nothing inside is a sentence."""
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_UNCLOSED = _VOID | {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead"}
"""Elements that HTML allows without a closing tag."""
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "input",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
_SAYS_NOTHING = _INLINE - {"img"} | {"iframe", "link", "meta", "video"}
"""Elements whose attributes nobody sees."""
_CELLS = frozenset({"td", "th"})
_HEADING = re.compile(r"h[1-6]")
_NEXT = re.compile(r"[`<{\\]")
_TICKS = re.compile(r"`+")
_SPACES = re.compile(r"\s+")
_LONGEST_CODE = 20_000
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_TEMPLATE_TAG = re.compile(r"\{%.{0,400}?%\}|\{\{[<%].{0,400}?[>%]\}\}", re.DOTALL)  # Markdoc, GitBook, Hugo
_TEMPLATE_TITLE = re.compile(r"\b(?:title|label|summary|caption)\s*=\s*\"([^\"]*)\"")
_ANCHOR = re.compile(r"#[\w가-힣.-]+")
_COMMENTED_ANCHOR = re.compile(r"/\*\s*#?([\w가-힣.-]+)\s*\*/")
_HEADING_LINE = re.compile(r"[ \t>]*#{1,6}\s")
_DEEPEST = 30


def as_markdown(source: str, *, is_mdx: bool) -> str:
    """The document's text as Markdown without JSX, HTML and code blocks. `source` is what follows the front matter."""
    return _Flattening(without_code(source), is_mdx).result()


def literally(text: str) -> str:
    """`text` as Markdown that says exactly this."""
    return _SIGNS.sub(r"\\\1", text)


class _Flattening:
    def __init__(self, source: str, is_mdx: bool, depth: int = 0) -> None:
        self._source = source
        self._is_mdx = is_mdx
        self._depth = depth
        self._braces = matching_braces(source)
        self._closed = closing_names(source)
        self._absent: set[str] = set()
        self._out: list[str] = []
        self._line = ""
        """what stands on the current line of the result so far"""

    def result(self) -> str:
        at = 0
        while found := _NEXT.search(self._source, at):
            self._put(self._source[at : found.start()])
            at = self._handle(found.group(), found.start())
        self._put(self._source[at:])
        return "".join(self._out)

    def _handle(self, sign: str, at: int) -> int:
        """Puts out what the sign begins. Returns where to go on."""
        if sign == "\\":
            return self._verbatim(at, at + 2)
        if sign == "`":
            return self._inline_code(at)
        if sign == "{":
            return self._expression(at)
        if self._source.startswith("<!--", at):
            return self._comment(at)
        return self._tag(at)

    def _verbatim(self, at: int, end: int) -> int:
        self._put(self._source[at:end])
        return end

    def _inline_code(self, at: int) -> int:
        ticks = _TICKS.match(self._source, at)
        assert ticks is not None
        # Code ends with its paragraph, so that one lonely tick does not hide the tags behind it.
        paragraph = self._source.find("\n\n", at, at + _LONGEST_CODE)
        end = paragraph if paragraph >= 0 else at + _LONGEST_CODE
        for closing in _TICKS.finditer(self._source, ticks.end(), end):
            if len(closing.group()) == len(ticks.group()):
                return self._verbatim(at, closing.end())
        return self._verbatim(at, ticks.end())

    def _comment(self, at: int) -> int:
        end = self._find("-->", at)
        return end + 3 if end >= 0 else self._verbatim(at, at + 1)

    # ---- expressions --------------------------------------------------------------------------------------------

    def _expression(self, at: int) -> int:
        if template := _TEMPLATE_TAG.match(self._source, at):
            self._block(" ".join(_TEMPLATE_TITLE.findall(template.group())))
            return template.end()
        end = self._braces.get(at)
        if end is None:
            return self._verbatim(at, at + 1)
        code = self._source[at + 1 : end]
        if _ANCHOR.fullmatch(code.strip()):
            return self._verbatim(at, end + 1)
        if code.strip().startswith("/*") and code.strip().endswith("*/"):
            self._commented(code.strip())
            return end + 1
        if (text := string_of(code)) is not None:
            read = literally(_SPACES.sub(" ", text))
        elif _holds_tags(code):
            read = self._elements_of(code)
        elif self._is_mdx:
            read = ""  # a variable or a call
        else:
            return self._verbatim(at, at + 1)
        self._put(read)
        return end + 1

    def _commented(self, comment: str) -> None:
        """A comment behind a heading is its anchor, as react.dev and Docusaurus write it."""
        anchor = _COMMENTED_ANCHOR.fullmatch(comment)
        if anchor and _HEADING_LINE.match(self._line):
            self._put(f"{{#{anchor.group(1)}}}")

    def _elements_of(self, code: str) -> str:
        """What people read of the elements in an expression, as Markdown."""
        if self._depth >= _DEEPEST:
            return ""
        inside = code[code.index("<") : code.rindex(">") + 1]
        return _Flattening(inside, self._is_mdx, self._depth + 1).result()

    # ---- tags ---------------------------------------------------------------------------------------------------

    def _tag(self, at: int) -> int:
        tag = read_tag(self._source, at, self._braces)
        if tag is None or not self._is_element(tag):
            self._put("\\<")  # text: Markdown must not take it for a tag or a link either
            return at + 1
        name = tag.name.lower() if tag.name.lower() in _INLINE | _DROPPED | _UNCLOSED else tag.name
        if not tag.is_closing and not tag.is_self_closing:
            if name in _DROPPED and (end := self._find(f"</{tag.name}", tag.end)) >= 0:
                return self._past_closing(end)
            if _HEADING.fullmatch(name) and (end := self._find(f"</{tag.name}", tag.end)) >= 0:
                self._html_heading(int(name[1]), self._source[tag.end : end])
                return self._past_closing(end)
        self._element(name, tag)
        return tag.end

    def _is_element(self, tag: Tag) -> bool:
        """`Array<string>` in prose looks like a tag too, but nothing closes it."""
        if tag.is_closing or tag.is_self_closing:
            return True
        return tag.name in self._closed or tag.name.lower() in _UNCLOSED

    def _element(self, name: str, tag: Tag) -> None:
        read = [] if name in _SAYS_NOTHING else list(self._read(tag))
        if name == "br":
            self._put(" " if self._line.lstrip().startswith(("#", "|")) else "\\\n" + _indent(self._line))
        elif name in _CELLS:
            if not tag.is_closing and self._line.strip():
                self._put(" | ")
        elif name in _INLINE or (not self._starts_line and not read):
            self._put(f" {' '.join(map(_in_line, read))} " if read else "")
        elif not self._starts_line:
            self._put(f" {' '.join(map(_in_line, read))} ")
        elif name == "li":
            self._block("" if tag.is_closing else "- ", open_ended=True)
        elif read or not tag.is_self_closing:
            self._block("\n\n".join(map(self._as_lines, read)))

    def _read(self, tag: Tag) -> Iterator[str]:
        for name in READ_ATTRIBUTES:
            value = tag.attributes.get(name)
            if value is not None and (text := self._attribute_text(value).strip()):
                yield text

    def _attribute_text(self, value: Value) -> str:
        text = string_of(value.text) if value.is_expression else value.text
        if text is not None:
            return literally(text)
        if _holds_tags(value.text):
            return self._elements_of(value.text)
        return " · ".join(literally(_in_line(one)) for one in strings_of(value.text))

    def _html_heading(self, level: int, inside: str) -> None:
        text = _Flattening(inside, self._is_mdx, self._depth + 1).result() if self._depth < _DEEPEST else inside
        self._put(f"\n\n{'#' * level} {' '.join(text.split())}\n\n")

    def _past_closing(self, at: int) -> int:
        end = self._source.find(">", at)
        return end + 1 if end >= 0 else len(self._source)

    # ---- output -------------------------------------------------------------------------------------------------

    @property
    def _starts_line(self) -> bool:
        return not self._line.strip()

    def _as_lines(self, text: str) -> str:
        """A text of several lines, each of which stays a line."""
        indent = _indent(self._line)
        return f"\\\n{indent}".join(line.strip() for line in text.splitlines() if line.strip().rstrip("\\"))

    def _block(self, text: str, *, open_ended: bool = False) -> None:
        """A paragraph of its own, as far indented as the line at hand, so that a list goes on around it."""
        indent = _indent(self._line)
        self._put(f"\n\n{indent}{text}" + ("" if open_ended or not text else f"\n\n{indent}"))

    def _put(self, text: str) -> None:
        if not text:
            return
        self._out.append(text)
        _, newline, tail = text.rpartition("\n")
        self._line = tail if newline else self._line + text

    def _find(self, needle: str, at: int) -> int:
        """Like `source.find`, but looks only once for what is not there."""
        if needle in self._absent:
            return -1
        found = self._source.find(needle, at)
        if found < 0:
            self._absent.add(needle)
        return found


def _holds_tags(code: str) -> bool:
    start = code.find("<")
    return 0 <= start < code.rfind(">") and bool(re.match(r"<(?:[A-Za-z>])", code[start : start + 2]))


def _in_line(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]
