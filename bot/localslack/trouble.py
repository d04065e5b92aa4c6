"""Trouble on demand: what a test or a person asks the workspace to do wrong."""

from __future__ import annotations

import asyncio

from msgspec import Struct, field

from bot.localslack.json_types import Json

# These happen to the connection, not in the answer.
RESET, SERVER_ERROR, HANG = "connection_reset", "http_500", "hang"
CONNECTION_TROUBLE = frozenset({RESET, SERVER_ERROR, HANG})


class Trouble(Struct):
    """One order: the next `times` calls of `method` fail.

    `error` is a Slack error, `ratelimited` (HTTP 429 with Retry-After), or one of connection_reset, http_500 and
    hang. With `after_effect` the call is carried out first: the app does not learn that it was.
    """

    method: str
    error: str
    times: int
    retry_after: int
    after_effect: bool
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Lets calls that hang go on."""
        self.released.set()

    def as_json(self) -> Json:
        return {"error": self.error, "times": self.times, "after_effect": self.after_effect}


class Troubles:
    """The orders that are still open, in the order in which they came."""

    def __init__(self) -> None:
        self._open: list[Trouble] = []
        self._hanging: list[Trouble] = []

    def add(self, trouble: Trouble) -> Trouble:
        if trouble.after_effect and trouble.error not in CONNECTION_TROUBLE:
            raise ValueError(f"after the effect only {', '.join(sorted(CONNECTION_TROUBLE))} can happen")
        self._open.append(trouble)
        return trouble

    def take(self, method: str) -> Trouble | None:
        """The trouble for this call, counted as used."""
        found = next((trouble for trouble in self._open if trouble.method in (method, "*")), None)
        if found is None:
            return None
        found.times -= 1
        if found.times <= 0:
            self._open.remove(found)
        if found.error == HANG:
            self._hanging.append(found)
        return found

    def clear(self) -> None:
        """No more trouble; what hangs goes on."""
        for trouble in [*self._open, *self._hanging]:
            trouble.release()
        self._open.clear()
        self._hanging.clear()

    def as_json(self) -> Json:
        return {trouble.method: trouble.as_json() for trouble in self._open}
