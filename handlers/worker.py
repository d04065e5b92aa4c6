"""Bounded work: so much at once, so much waiting, and an honest word for whatever comes beyond."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from bot.contracts.refusals import Refused

Result = TypeVar("Result")


class Busy(Refused):
    """There is no room just now, and nothing was begun."""

    key = "busy"


class BusyButKept(Refused):
    """The same, for what is written down and taken up by itself."""

    key = "busy_but_kept"


class Worker:
    def __init__(self, name: str, *, at_once: int, waiting: int, threads: int = 2) -> None:
        """`threads` are for what computes: it must not hold up the event loop, by which all others are served."""
        self._turn = asyncio.Semaphore(at_once)
        self._room = at_once + waiting
        self._inside = 0
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)

    @property
    def room(self) -> int:
        """How much more is taken before Busy is raised."""
        return self._room - self._inside

    async def do(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Runs it when its turn comes, first come first served. Raises Busy."""
        if self.room <= 0:
            raise Busy
        self._inside += 1
        try:
            async with self._turn:
                return await work()
        finally:
            self._inside -= 1

    async def compute(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))

    def stop(self) -> None:
        """Takes nothing more: whatever comes now is for another process, or for the next start."""
        self._room = 0

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
