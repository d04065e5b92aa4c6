"""Keeps what YAML files hold as JSON, which is read in a tenth of the time."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from bot.cachefile import replace_file

_NAME = "data-files.jsonl"


class ParsedFiles:
    """What the files of the last start held: each stands under the digest of its text, so a changed one is not found.

    A line is a digest and one JSON value.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._kept = _read(self._path)
        self._used: dict[str, str] = {}

    def find(self, text: str) -> str | None:
        """The JSON of what this text was parsed to."""
        digest = _digest(text)
        known = self._kept.get(digest)
        if known is not None:
            self._used[digest] = known
        return known

    def add(self, text: str, content: Any) -> None:
        """`content` is what YAML made of the text; days become texts, from which a model reads them again."""
        with suppress(TypeError):  # YAML knows more kinds of values than JSON: such a file is parsed every time
            self._used[_digest(text)] = json.dumps(content, ensure_ascii=False, default=_day)

    def keep(self, *, is_all: bool = True) -> None:
        """Stores what was used since the start, and forgets the rest when that is all that is going to be used."""
        wanted = self._used if is_all else {**self._kept, **self._used}
        if wanted != self._kept:
            self._kept = dict(wanted)
            lines = "".join(f"{digest} {value}\n" for digest, value in wanted.items())
            replace_file(self._path, lambda file: file.write(lines.encode()))


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    return {digest: value for digest, _, value in (line.partition(" ") for line in lines) if value}


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
