"""Identifiers in Slack's forms, never given twice, also after a restart."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime, timedelta

from bot.localslack.store import Store

TEAM_ID = "T0LOCAL"
APP_ID = "A0LOCAL"
BOT_USER_ID = "U0BOT"
BOT_ID = "B0BOT"
SLACKBOT_ID = "USLACKBOT"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LETTERS = string.ascii_letters + string.digits


class Ids:
    """Counters by prefix (`U`, `C`, `D`, `V`, `Ev`, `Q`, `F`) and the clock-shaped `ts`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counters = {key: int(record["last"]) for key, record in store.load("counter").items()}

    def next(self, prefix: str) -> str:
        return f"{prefix}{self._advance(prefix, 1):08d}"

    def next_ts(self, now: datetime) -> str:
        """A message's `ts`: seconds and microseconds of `now`, strictly increasing in the whole workspace."""
        micros = (now - _EPOCH) // _MICROSECOND
        last = self._advance("ts", max(1, micros - self._counters.get("ts", 0)))
        return f"{last // 1_000_000}.{last % 1_000_000:06d}"

    def forget(self) -> None:
        self._counters.clear()

    def _advance(self, name: str, step: int) -> int:
        self._counters[name] = self._counters.get(name, 0) + step
        self._store.put("counter", name, {"last": self._counters[name]})
        return self._counters[name]


def short_id() -> str:
    """A block_id or action_id, as Slack makes one up when the app gives none."""
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
