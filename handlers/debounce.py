"""Does something once, a moment after it was asked for, however often it is asked for in the meantime."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Generic, Protocol, TypeVar

from bot.at_work import AtWork

log = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)


class Handle(Protocol):
    def cancel(self) -> None: ...


Schedule = Callable[[float, Callable[[], None]], Handle]
"""Calls a function after so many seconds, unless the handle is cancelled before."""


class Debounced(Generic[Key]):
    """Whoever asks while the action runs gets another run after it: the last one always begins after the last asking.

    The action has to read the state itself when it runs. What it raises is logged, and nothing else stops.
    """

    def __init__(
        self,
        action: Callable[[Key], Awaitable[None]],
        *,
        after: float,
        at_work: AtWork,
        schedule: Schedule | None = None,
    ) -> None:
        """`after` is in seconds. `schedule` is the event loop's own unless a test moves the time."""
        self._action, self._after, self._at_work, self._schedule = action, after, at_work, schedule
        self._hurries = 0
        self._waiting: dict[Key, tuple[Handle, ExitStack]] = {}
        self._running: dict[Key, asyncio.Task[None]] = {}

    def ask(self, key: Key) -> None:
        if key not in self._waiting:
            busy = ExitStack()
            busy.enter_context(self._at_work.on_something())
            self._wait(key, self._after, busy)
            if self._hurries:
                self._begin(key)

    def try_again(self, key: Key, *, after: float) -> None:
        """For the action itself, when it could not be done now. Nobody waits for it: the process may end meanwhile."""
        if key not in self._waiting:
            self._wait(key, after, ExitStack())

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Nothing waits, also what is asked for meanwhile: somebody wants to see it, or the process is about to end."""
        self._hurries += 1
        for key in list(self._waiting):
            self._begin(key)
        try:
            yield
        finally:
            self._hurries -= 1

    def _wait(self, key: Key, seconds: float, busy: ExitStack) -> None:
        schedule = self._schedule or asyncio.get_running_loop().call_later
        self._waiting[key] = schedule(seconds, lambda: self._begin(key)), busy

    def _begin(self, key: Key) -> None:
        if key not in self._waiting:
            return
        handle, busy = self._waiting.pop(key)
        handle.cancel()
        busy.enter_context(self._at_work.on_something())
        before = self._running.get(key)
        self._running[key] = asyncio.create_task(self._run(key, busy, after=before))

    async def _run(self, key: Key, busy: ExitStack, *, after: asyncio.Task[None] | None) -> None:
        with busy, self._at_work.on_something():
            if after is not None:
                await after
            try:
                await self._action(key)
            except Exception:
                log.exception("could not be done for %s", key)
            finally:
                if self._running.get(key) is asyncio.current_task():
                    del self._running[key]
