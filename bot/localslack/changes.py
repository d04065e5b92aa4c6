"""Tells everybody who waits that something in the workspace is different now."""

from __future__ import annotations

import asyncio


class Changes:
    """A version that grows with every change, and a way to wait for the next one."""

    def __init__(self) -> None:
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def announce(self) -> None:
        self.version += 1
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def after(self, version: int) -> int:
        """Returns the current version as soon as it is later than `version`."""
        while self.version <= version:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
        return self.version
