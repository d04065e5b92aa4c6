"""Counts what is being worked on, so that a stop or a test can wait until nothing is, and a stop can end the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CUT_OFF_SECONDS = 0.1
"""For what a task does at its end."""


class AtWork:
    def __init__(self) -> None:
        self._idle = asyncio.Event()
        self._idle.set()
        self._works: dict[object, asyncio.Task[Any] | None] = {}
        """each with the task in which it began"""

    @contextmanager
    def on_something(self) -> Iterator[None]:
        """Until the block ends, in whichever task that is; the one in which it begins may be cut off."""
        work = object()
        self._works[work] = _this_task()
        self._idle.clear()
        try:
            yield
        finally:
            del self._works[work]
            if not self._works:
                self._idle.set()

    async def idle(self) -> None:
        """Returns once nothing is being worked on."""
        await self._idle.wait()

    async def cut_off(self) -> None:
        """Cancels every other task that is still at work: what it would need is about to be closed."""
        left = {task for task in self._works.values() if task is not None and task is not _this_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CUT_OFF_SECONDS)


def _this_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # outside of any event loop
        return None
