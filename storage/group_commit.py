"""One writer, as SQLite has: whoever stands in line when it is free is written in one transaction with the others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import Any

from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from storage.on_loop import LoopWriter

_TOGETHER = 50
"""Nobody waits for more than so many others."""


class _Waiting(Struct, frozen=True):
    work: Callable[..., Any]
    is_quick: bool
    done: asyncio.Future[Any]


class _Outcome(Struct, frozen=True):
    value: Any = None
    error: BaseException | None = None


class GroupCommit:
    """To begin, to commit and to wake a thread cost more than most of what is written.

    Nobody is told of success before the commit that makes it true. When one of them fails, nothing of what was written
    together is kept, and each is run once more in a transaction of its own: work is to change the database alone.
    """

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[Session]], threads: Executor, on_loop: LoopWriter
    ) -> None:
        self._transaction, self._threads, self._on_loop = transaction, threads, on_loop
        self._line: deque[_Waiting] = deque()
        self._running: asyncio.Task[None] | None = None

    async def write(self, work: Callable[..., Any], *, is_quick: bool = False, within: float = 0) -> Any:
        """Runs `work(session=…)`; returns what it returns, once that is committed.

        `is_quick`: it takes no longer than the event loop can wait. With `within` it may wait so many seconds for
        others to be written with.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work, is_quick, loop.create_future())
        self._line.append(waiting)
        if within:
            loop.call_later(within, self._begin)
        else:
            self._begin()
        return await waiting.done

    def close(self) -> None:
        """What is still in the line is not written: nobody waits for it any more."""
        self._line.clear()

    def _begin(self) -> None:
        if self._line and (self._running is None or self._running.done()):
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._line:
            together = [self._line.popleft() for _ in range(min(len(self._line), _TOGETHER))]
            for waiting, outcome in zip(together, await self._written(together), strict=True):
                _tell(waiting.done, outcome)

    async def _written(self, together: list[_Waiting]) -> list[_Outcome]:
        outcomes = self._filled(together) if all(waiting.is_quick for waiting in together) else None
        loop = asyncio.get_running_loop()
        if outcomes is None:
            return await loop.run_in_executor(self._threads, self._written_there, together)
        try:
            await loop.run_in_executor(self._threads, self._on_loop.commit)
        except SQLAlchemyError as failed:
            return [_Outcome(error=failed)] * len(together)
        return outcomes

    def _filled(self, together: list[_Waiting]) -> list[_Outcome] | None:
        """What is still to be committed. None where it is for a thread: nobody waits here, and nobody fails alone."""
        session = self._on_loop.begin()
        if session is None:
            return None
        try:
            return [_Outcome(_done(waiting.work, session)) for waiting in together]
        except Exception:  # whoever waits for it hears of it from the thread, where it fails again
            self._on_loop.roll_back()
            return None

    def _written_there(self, together: list[_Waiting]) -> list[_Outcome]:
        try:
            with self._transaction() as session:
                return [_Outcome(_done(waiting.work, session)) for waiting in together]
        except BaseException as failed:  # whoever waits for it has to hear of it
            if len(together) == 1:
                return [_Outcome(error=failed)]
        return [outcome for waiting in together for outcome in self._written_there([waiting])]


def _done(work: Callable[..., Any], session: Session) -> Any:
    found = work(session=session)
    if session.identity_map or session.new:  # statements alone leave nothing in the session's memory
        session.flush()
        session.expunge_all()  # what one has read is nothing for the next
    return found


def _tell(done: asyncio.Future[Any], outcome: _Outcome) -> None:
    if done.cancelled():
        return
    if outcome.error is not None:
        done.set_exception(outcome.error)
    else:
        done.set_result(outcome.value)
