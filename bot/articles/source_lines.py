"""What is decided line by line in a document: code blocks, imports and exports, the marks of admonitions."""

from __future__ import annotations

import re
from bisect import bisect_right

_FENCE = re.compile(r"(?P<before>[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)")
_FENCE_END = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
_MODULE = re.compile(
    r"import\s+(?:[\"'{*]|type\s|\w+\s*,|\w+\s+from\s*[\"'])"
    r"|export\s+(?:default|const|let|var|function|async|class|type|interface)\b|export\s*[{*]"
)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`")
_ADMONITION = re.compile(r"(?P<indent>[ \t>]*):{3,}[ \t]*(?P<kind>[A-Za-z-]*)[ \t]*(?P<title>.*)")
_ADMONITION_TITLE = re.compile(r"\[(?P<label>[^\]]*)\]|.*?\btitle\s*=\s*\"(?P<quoted>[^\"]*)\"|(?P<plain>[^{\[].*)")
_REFERENCE = re.compile(r"(?P<indent> {0,3})\[(?P<label>[^\]]+)\]:[ \t]*(?P<target>\S+)")
_TARGET = re.compile(r"<?(?:[a-z][a-z0-9+.-]*:|/|\.{0,2}/|#|[\w-]+[./][\w./-]*)", re.IGNORECASE)


def without_code(source: str) -> str:
    """The document without code blocks, imports and exports; a code block that nothing closes is text."""
    lines = source.split("\n")
    fences = _Fences(lines)
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = fences.end_of_block_at(at)
        if end is not None:
            kept += [fences.before(line), ""]
            at = end + 1
        elif _MODULE.match(line):
            kept.append("")
            at = _module_end(lines, at)
        else:
            kept.append(_plain(line))
            at += 1
    return "\n".join(kept)


class _Fences:
    """Where code blocks start and end."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._ends = [(at, end.group(1)) for at, line in enumerate(lines) if (end := _FENCE_END.fullmatch(line))]
        self._last_of_run = {run: at for at, run in self._ends}

    def end_of_block_at(self, at: int) -> int | None:
        """The line of the closing fence, if line `at` opens a block that is closed."""
        opening = _FENCE.match(self._lines[at])
        if opening is None or (opening.group("ticks")[0] == "`" and "`" in opening.group("info")):
            return None
        ticks = opening.group("ticks")
        if all(last <= at for run, last in self._last_of_run.items() if run.startswith(ticks)):
            return None  # known beforehand, so that a thousand open blocks are not each followed to the end
        later = bisect_right(self._ends, at, key=lambda end: end[0])
        return next(number for number, run in self._ends[later:] if run.startswith(ticks))

    @staticmethod
    def before(line: str) -> str:
        """The list or quotation marks that stand before a fence."""
        opening = _FENCE.match(line)
        return opening.group("before").rstrip() if opening else ""


def _module_end(lines: list[str], at: int) -> int:
    """The line behind an import or export: the first blank one at which all its brackets are closed."""
    depth = 0
    first_blank = None
    for number in range(at, len(lines)):
        line = lines[number]
        if not line.strip():
            first_blank = first_blank or number
            if depth <= 0:
                return number
        line = _STRING.sub("", line)
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
    return len(lines) if depth <= 0 or first_blank is None else first_blank


def _plain(line: str) -> str:
    """The line as Markdown knows it."""
    if ":::" in line and (mark := _ADMONITION.fullmatch(line)):
        title = _ADMONITION_TITLE.match(mark.group("title"))
        text = next((group for group in title.groups() if group), "") if title else ""
        indent = mark.group("indent")
        return f"{indent}\n{indent}{text}\n{indent}" if text else indent
    # Markdown hides lines of this form, since they say where links of this name lead; here they may be a sentence.
    if (
        line.lstrip(" ").startswith("[")
        and (said := _REFERENCE.match(line))
        and not _TARGET.match(said.group("target"))
    ):
        return line.replace("[", "\\[", 1)
    return line
