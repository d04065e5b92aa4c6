"""Keeps what YAML files hold as JSON, which is read in a tenth of the time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bot.cachefile import replace_file

Content = TypeVar("Content")

_NAME = "data-files.jsonl"


class ParsedFiles:
    """What the files of the last start held: each stands under the digest of its text, so a changed one is not found.

    A line is a digest and one JSON value.
    """

    def __init__(self, folder: Path, name: str = _NAME) -> None:
        self._path = folder / name
        self._kept = _read(self._path)
        self._used: dict[bytes, bytes] = {}

    def find(self, text: bytes) -> bytes | None:
        """The JSON of what this text was parsed to."""
        digest = _digest(text)
        known = self._kept.get(digest)
        if known is not None:
            self._used[digest] = known
        return known

    def add(self, text: bytes, content: Any) -> None:
        """`content` is what YAML made of the text; days become texts, from which a model reads them again."""
        with suppress(TypeError):  # YAML knows more kinds of values than JSON: such a file is parsed every time
            self._used[_digest(text)] = json.dumps(content, ensure_ascii=False, default=_day).encode()

    def keep(self, *, is_all: bool = True) -> None:
        """Stores what was used since the start, and forgets the rest when that is all that is going to be used."""
        wanted = self._used if is_all else {**self._kept, **self._used}
        if wanted != self._kept:
            self._kept = dict(wanted)
            lines = b"".join(b"%b %b\n" % one for one in wanted.items())
            replace_file(self._path, lambda file: file.write(lines))


def parsed_once(folder: Path, name: str, text: str, parse: Callable[[str], Content]) -> Content:
    """What `parse` makes of a text, now or at an earlier start. Raises what it raises.

    The file of this name holds one text at a time.
    """
    kept, raw = ParsedFiles(folder, name), text.encode()
    known = kept.find(raw)
    if known is not None:
        with suppress(ValueError):
            return json.loads(known)  # type: ignore[no-any-return]
    content = parse(text)
    kept.add(raw, content)
    kept.keep()
    return content


def _read(path: Path) -> dict[bytes, bytes]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return {}
    return {digest: value for digest, _, value in (line.partition(b" ") for line in lines) if value}


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
