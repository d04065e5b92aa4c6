"""One engine, one bounded thread pool, and transactions that mean the same on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, DateTime, Engine, event, func, make_url, select
from sqlmodel import Session, create_engine

from storage.driven import driver_of
from storage.group_commit import GroupCommit
from storage.on_loop import LoopReader, LoopWriter
from storage.upsert import engine_of

Result = TypeVar("Result")

_BEGIN = "contract_guide_begin"
"""By which statement a transaction begins on SQLite; none where there is nothing in the option."""
_A_MOMENT = 0.02
"""Seconds."""
_POSTGRESQL_SETTINGS = (
    "synchronous_commit = on",
    "statement_timeout = '5s'",
    "lock_timeout = '2s'",
    "idle_in_transaction_session_timeout = '30s'",
)


class Database:
    """Opens transactions, here or on the pool's threads.

    A writing transaction takes its lock at once: SQLite's deferred kind would fail in the middle
    ("database is locked") when two of them read first and write after.
    """

    def __init__(self, url: str, *, threads: int = 8, connect_seconds: int | None = None) -> None:
        """`connect_seconds`: how long to wait for a server that does not answer; the driver's own time if not given."""
        self.engine = _create_engine(url, connections=threads, connect_seconds=connect_seconds)
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="database")
        # SQLite has one writer at a time and lets the others sleep, longer and longer: here they stand in line.
        writer = Lock()
        self._writer = nullcontext() if self.has_shared_clock else writer
        self._loop_reader = LoopReader(self._connect_plainly)
        self._loop_writer = LoopWriter(self._connect_plainly, writer)
        self._line = GroupCommit(self.writing, self._pool, self._loop_writer)

    @property
    def has_shared_clock(self) -> bool:
        """Whether the database has a clock of its own that all its clients share."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, or not at all when an exception passes."""
        with self._writer, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that writes nothing, and that no writer has to wait for."""
        with self._connected(**{_BEGIN: "BEGIN"}) as session:
            yield session

    @contextmanager
    def _glancing(self) -> Iterator[Session]:
        """The same without a transaction, which a single statement does not need."""
        with self._connected(isolation_level="AUTOCOMMIT") as session:
            yield session

    @contextmanager
    def _connected(self, **options: str) -> Iterator[Session]:
        with (
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session

    async def write(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        """Runs `work(*args, session=…, **kwargs)` in a writing transaction on the pool: all of it is kept, or none."""
        return await self._write(partial(work, *args, **kwargs))

    async def jot(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        """The same for `work` that finds and writes a few rows by an index, and nothing more.

        In a file they are written at once, unless somebody else is writing; they are committed on the pool.
        """
        return await self._write(partial(work, *args, **kwargs), is_quick=True)

    async def jot_soon(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        """The same for what nobody waits for: it goes with the next that is written, or in a moment."""
        return await self._write(partial(work, *args, **kwargs), is_quick=True, within=_A_MOMENT)

    async def _write(self, work: Callable[..., Result], *, is_quick: bool = False, within: float = 0) -> Result:
        if self.has_shared_clock:
            return await self._on_pool(self.writing, work, (), {})
        done: Result = await self._line.write(work, is_quick=is_quick, within=within)
        return done

    async def read(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        """Runs `work(*args, session=…, **kwargs)` in one reading transaction on the pool."""
        return await self._on_pool(self.reading, work, args, kwargs)

    async def glance(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        """Runs `work(*args, session=…, **kwargs)`, which finds a few rows by an index, and nothing more.

        A file is asked at once, a server on the pool.
        """
        if self.has_shared_clock:
            return await self._on_pool(self._glancing, work, args, kwargs)
        with self._loop_reader.reading() as session:
            return work(*args, session=session, **kwargs)

    async def _on_pool(
        self, transaction: Callable[[], Any], work: Callable[..., Result], args: Any, kwargs: Any
    ) -> Result:
        def run() -> Result:
            with transaction() as session:
                return work(*args, session=session, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._pool, run)

    def close(self) -> None:
        """Waits for what is running on the pool, then closes every connection."""
        self._line.close()
        self._pool.shutdown(wait=True)
        self._loop_reader.close()
        self._loop_writer.close()
        self.engine.dispose()

    def _connect_plainly(self) -> Connection:
        return self.engine.connect().execution_options(**{_BEGIN: ""})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sqlalchemy_url(url: str) -> str:
    """`postgresql://…` with the driver that we ship, other addresses unchanged."""
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _create_engine(url: str, *, connections: int, connect_seconds: int | None) -> Engine:
    address = sqlalchemy_url(url)
    if address.startswith("sqlite"):
        # One for each thread, the loop's two, and one for whoever opens a transaction without any of these.
        engine = create_engine(address, pool_size=connections, max_overflow=3, hide_parameters=True)
        _prepare_sqlite(engine)
        return engine
    patience = {"connect_timeout": connect_seconds} if connect_seconds else {}
    engine = create_engine(
        address,
        pool_size=connections,
        max_overflow=2,
        pool_pre_ping=True,
        connect_args=patience,
        hide_parameters=True,  # they are what people wrote, and an error would show them
    )
    _prepare_postgresql(engine)
    return engine


def clock_of_database(*, session: Session) -> datetime:
    """The time that all clients of the database share; on SQLite that is this machine's. Aware, in UTC."""
    if engine_of(session) != "postgresql":
        return datetime.now(UTC)
    told: datetime = session.execute(select(func.clock_timestamp(type_=DateTime(timezone=True)))).scalar_one()
    return told.astimezone(UTC)


def _prepare_postgresql(engine: Engine) -> None:
    """Nothing waits for ever, and what was committed is on the disk."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        was, connection.autocommit = connection.autocommit, True
        for setting in _POSTGRESQL_SETTINGS:
            connection.execute(f"set {setting}")
        connection.autocommit = was


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
        if statement:
            driver_of(connection).execute(statement)
