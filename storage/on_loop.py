"""A database in a file, asked on the event loop's own thread, through sessions that stay open.

What it takes to hand a few rows to a thread and back, while the loop holds Python's lock, is many times what the rows
take; to open a session takes longer than to use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from storage.driven import BEGUN, run


class _OpenSession:
    """In a transaction of SQLAlchemy's that has no end; the database's own are begun and ended by whoever uses it."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._open: tuple[Session, Connection] | None = None

    def get(self) -> Session:
        if self._open is None:
            connection = self._connect()
            session = Session(connection, expire_on_commit=False)
            session.info[BEGUN] = session.connection()
            self._open = session, connection
        return self._open[0]

    def run(self, statement: str) -> None:
        """By the driver, past SQLAlchemy. Raises DBAPIError."""
        run(self.get().info[BEGUN], statement)

    def close(self) -> None:
        """Whoever asks next gets a new one, over a new connection."""
        if self._open is None:
            return
        (session, connection), self._open = self._open, None
        session.close()
        connection.invalidate()
        connection.close()


class LoopReader:
    """Reads without a transaction, which a single statement does not need."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        """`connect`: to a database in which SQLAlchemy begins nothing."""
        self._open = _OpenSession(connect)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        session = self._open.get()
        try:
            yield session
        except SQLAlchemyError:
            self._open.close()
            raise
        finally:
            if session.identity_map:
                session.expunge_all()  # the next one sees what is stored then

    def close(self) -> None:
        self._open.close()


class LoopWriter:
    """Writing transactions, one at a time: begun and filled on the loop, committed where one may wait for the disk."""

    def __init__(self, connect: Callable[[], Connection], writer: Lock) -> None:
        """`connect`: as for reading; here nobody waits for another writer. `writer` is held by whoever writes."""
        self._open, self._writer = _OpenSession(partial(_without_waiting, connect)), writer

    def begin(self) -> Session | None:
        """None where somebody else is writing, in this process or another: the loop waits for nobody."""
        if not self._writer.acquire(blocking=False):
            return None
        try:
            self._open.run("BEGIN IMMEDIATE")
        except SQLAlchemyError:
            self.roll_back()
            return None
        return self._open.get()

    def commit(self) -> None:
        """For a thread, which may wait for the disk. Nothing is kept when it fails."""
        try:
            self._open.run("COMMIT")
        except BaseException:
            self._open.close()
            raise
        finally:
            self._writer.release()

    def roll_back(self) -> None:
        self._open.close()
        self._writer.release()

    def close(self) -> None:
        self._open.close()


def _without_waiting(connect: Callable[[], Connection]) -> Connection:
    connection = connect()
    run(connection, "PRAGMA busy_timeout=0")
    return connection
