"""Counts what is being worked on, so that a stop or a test can wait until nothing is, and a stop can end the rest."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CUT_OFF_SECONDS = 0.1
"""For what a task does at its end."""


class AtWork:
    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: Counter[asyncio.Task[Any]] = Counter()

    @contextmanager
    def on_something(self) -> Iterator[None]:
        """Until the block ends, in whichever task that is; the one in which it begins may be cut off."""
        task = _this_task()
        self._count += 1
        self._tasks.update([task] if task else [])
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            self._tasks.subtract([task] if task else [])
            self._tasks = +self._tasks
            if self._count == 0:
                self._idle.set()

    async def idle(self) -> None:
        """Returns once nothing is being worked on."""
        await self._idle.wait()

    async def cut_off(self) -> None:
        """Cancels every other task that is still at work: what it would need is about to be closed."""
        left = [task for task in self._tasks if task is not _this_task()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CUT_OFF_SECONDS)


def _this_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # outside of any event loop
        return None
