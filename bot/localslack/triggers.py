"""Short-lived permissions that an interaction carries: trigger_id and response_url."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from bot.localslack.clock import WorkspaceClock
from bot.localslack.timing import Timing

_RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
_KEPT = 500


class TriggerError(Exception):
    """`code` is Slack's: invalid_trigger_id, expired_trigger_id or exchanged_trigger_id."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Trigger(Struct):
    """`view_id` is set when the interaction came from inside a modal."""

    user: str
    born: float
    view_id: str | None
    used: bool = False


class Triggers:
    """Trigger ids: three real seconds, one use."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._issued: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> str:
        trigger_id = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user_id, time.monotonic(), view_id)
        for oldest in list(self._issued)[:-_KEPT]:
            del self._issued[oldest]
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Uses a trigger up. Raises TriggerError."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise TriggerError("invalid_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self._timing.trigger:
            raise TriggerError("expired_trigger_id")
        trigger.used = True
        return trigger


class ResponseUrl(Struct):
    """Where an answer through the address goes; `ts` is the message the interaction came from."""

    user: str
    channel: str
    ts: str | None
    born: datetime
    uses: int = 0


class ResponseUrls:
    """Addresses for later answers: five uses within thirty minutes of the workspace's time."""

    def __init__(self, clock: WorkspaceClock, base_url: Callable[[], str]) -> None:
        self._clock = clock
        self._base_url = base_url
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, ts: str | None = None) -> str:
        key = secrets.token_urlsafe(24)
        self._issued[key] = ResponseUrl(user, channel, ts, self._clock.now())
        return f"{self._base_url()}/response/{key}"

    def place(self, url: str) -> ResponseUrl:
        """Where an address that was just issued leads, without using it."""
        return self._issued[url.rpartition("/")[2]]

    def use(self, key: str) -> ResponseUrl | str:
        """The place to answer to, or Slack's word for why not: `invalid_url`, `expired_url`, `used_url`."""
        found = self._issued.get(key)
        if found is None:
            return "invalid_url"
        if self._clock.now() - found.born > _RESPONSE_URL_LIFE:
            return "expired_url"
        if found.uses >= RESPONSE_URL_USES:
            return "used_url"
        found.uses += 1
        return found
