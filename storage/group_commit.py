"""One writer, as SQLite has: whoever stands in line when it is free is written in one transaction with the others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlmodel import Session

_TOGETHER = 50
"""Nobody waits for more than so many others."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Callable[..., Any]
    done: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


class GroupCommit:
    """To begin, to commit and to wake a thread cost more than most of what is written.

    Nobody is told of success before the commit that makes it true. When one of them fails, nothing of what was written
    together is kept, and each is run once more in a transaction of its own: work is to change the database alone.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[Session]], threads: Executor) -> None:
        self._transaction, self._threads = transaction, threads
        self._line: deque[_Waiting] = deque()
        self._lock = Lock()
        self._is_running = False

    async def write(self, work: Callable[..., Any], *, within: float = 0) -> Any:
        """Runs `work(session=…)`; returns what it returns, once that is committed.

        With `within` it may wait so many seconds for others to be written with.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work, loop.create_future())
        with self._lock:
            self._line.append(waiting)
        if within:
            loop.call_later(within, self._begin)
        else:
            self._begin()
        return await waiting.done

    def _begin(self) -> None:
        with self._lock:
            if self._is_running or not self._line:
                return
            self._is_running = True
        self._threads.submit(self._run)

    def _run(self) -> None:
        while together := self._next():
            outcomes = self._written(together)
            for waiting, outcome in zip(together, outcomes, strict=True):
                waiting.done.get_loop().call_soon_threadsafe(_tell, waiting.done, outcome)

    def _next(self) -> list[_Waiting]:
        with self._lock:
            together = [self._line.popleft() for _ in range(min(len(self._line), _TOGETHER))]
            self._is_running = bool(together)
            return together

    def _written(self, together: list[_Waiting]) -> list[_Outcome]:
        try:
            with self._transaction() as session:
                return [_Outcome(_done(waiting.work, session)) for waiting in together]
        except BaseException as failed:  # whoever waits for it has to hear of it
            if len(together) == 1:
                return [_Outcome(error=failed)]
        return [outcome for waiting in together for outcome in self._written([waiting])]


def _done(work: Callable[..., Any], session: Session) -> Any:
    found = work(session=session)
    session.flush()
    session.expunge_all()  # what one has read is nothing for the next: statements pass the session's memory by
    return found


def _tell(done: asyncio.Future[Any], outcome: _Outcome) -> None:
    if done.cancelled():
        return
    if outcome.error is not None:
        done.set_exception(outcome.error)
    else:
        done.set_result(outcome.value)
