"""What went over the wire, for the page's panel and for a failing test. It lives in memory only."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from bot.localslack.changes import Changes
from bot.localslack.json_types import Json

_KEPT = 2000
_DETAIL_CHARACTERS = 6000
_SECRET_KEYS = frozenset({"token", "authorization", "response_url", "upload_url"})


class Line(Struct, frozen=True):
    """One line: kind is event, command, interactive, ack, api, refused, unheard or socket; `ms` is real time."""

    n: int
    at: float
    kind: str
    title: str
    ok: bool
    ms: int | None = None
    detail: Any = None

    def as_json(self) -> Json:
        return {
            "n": self.n,
            "at": self.at,
            "kind": self.kind,
            "title": self.title,
            "ms": self.ms,
            "ok": self.ok,
            "detail": self.detail,
        }


class WireLog(Struct):
    """The last lines, oldest first."""

    changes: Changes
    now: Callable[[], float] = time.time
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _count: int = 0

    def write(self, kind: str, title: str, *, ok: bool = True, ms: float | None = None, detail: Any = None) -> None:
        self._count += 1
        rounded = None if ms is None else round(ms)
        self.lines.append(Line(self._count, self.now(), kind, title, ok, rounded, _shortened(detail)))
        self.changes.announce()

    def after(self, n: int, limit: int) -> list[Line]:
        """Lines later than number `n`, at most `limit`, the newest when there are more."""
        return [line for line in self.lines if line.n > n][-limit:]

    def tail(self, count: int = 15) -> str:
        """The last lines as text, without their detail."""
        shown = list(self.lines)[-count:]
        return "\n".join(f"  {line.kind:<11} {'ok ' if line.ok else 'NO '} {line.title}" for line in shown)


def _shortened(detail: Any) -> Any:
    """Without secrets, and cut when it is long: the panel is for reading."""
    clean = _without_secrets(detail)
    text = json.dumps(clean, ensure_ascii=False, default=str)
    if len(text) <= _DETAIL_CHARACTERS:
        return clean
    return {"truncated": text[:_DETAIL_CHARACTERS]}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "…" if key in _SECRET_KEYS else _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if isinstance(value, str) and value.startswith("ws://"):
        return "ws://…"  # it holds a ticket that opens a connection
    return value
