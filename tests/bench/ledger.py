"""Times of the ledger on one engine, beside APScheduler and procrastinate with the same load. In seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate import App, PsycopgConnector
from sqlalchemy import create_engine, text
from sqlmodel import Session

from storage.database import Database, sqlalchemy_url
from storage.nudges import claim_due, mark_posting, mark_sent
from storage.tables import Nudge
from storage.upsert import insert_for
from tests.reliability.harness import WORKSPACE, fill, nudge_row

DUE = 100
BATCH = 1000
IN_A_YEAR = timedelta(days=365)
A_MINUTE = timedelta(minutes=1)
_COLUMNS = (
    "workspace_id, contract_id, channel_id, dedupe_key, public_id, rule_id, step_id, entry, ordinal, status, "
    "counted_on, due_at, snoozed, next_at, attempts, checks"
)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def sleep_until_next_year(database: Database, count: int) -> None:
    """Rows of one contract that nobody will look at for long."""
    later = int((datetime.now(UTC) + IN_A_YEAR).timestamp() * 1000)
    postgresql = database.has_shared_clock
    series = (
        f"select n from generate_series(1, {count}) n"
        if postgresql
        else f"with recursive s(n) as (select 1 union all select n + 1 from s where n < {count}) select n from s"
    )
    key, false = "'sleeping:' || n", "false" if postgresql else "0"
    day = "date '2026-11-23'" if postgresql else "'2026-11-23'"
    with database.engine.begin() as connection:
        if postgresql:
            connection.execute(text("set local statement_timeout = 0"))
        connection.execute(
            text(
                f"insert into nudge ({_COLUMNS}) "
                f"select '{WORKSPACE}', 1, 'C1', {key}, {key}, 'a_rule', 'a_step', 1, n, 'scheduled', "
                f"{day}, {later} + n, {false}, {later} + n, 0, 0 from ({series}) numbers"
            )
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if postgresql:
            connection.execute(text("set statement_timeout = 0"))
        connection.execute(text("vacuum analyze nudge" if postgresql else "analyze"))
    database.engine.dispose()


def claim(database: Database, token: str = "bench") -> list[Nudge]:
    with database.writing() as session:
        return claim_due(
            session=session,
            now=None if database.has_shared_clock else datetime.now(UTC),
            lease=A_MINUTE,
            overdue=timedelta(days=3650),
            limit=DUE,
            token=token,
        )


def idle_tick(database: Database, times: int = 50) -> float:
    return median(timed(lambda: claim(database)) for _ in range(times))


@dataclass(frozen=True)
class Tick:
    claim: float
    whole: float
    """the claim, and a transaction for each mark"""


def full_tick(database: Database, *, first_id: int, rounds: int = 3) -> Tick:
    """The median over some rounds of 100 nudges that are due."""
    claims, wholes = [], []
    for round_ in range(rounds):
        fill(database, DUE, first_id=first_id + round_ * DUE, due_in=-A_MINUTE)
        began = time.perf_counter()
        claimed = claim(database)
        claims.append(time.perf_counter() - began)
        assert len(claimed) == DUE
        for nudge in claimed:
            _write(database, mark_posting, nudge, token="bench", lease=A_MINUTE)
            _write(database, mark_sent, nudge, message_ts="1.0")
        wholes.append(time.perf_counter() - began)
    return Tick(median(claims), median(wholes))


def _write(database: Database, work: Callable[..., object], nudge: Nudge, **kwargs: object) -> None:
    with database.writing() as session:
        work(session=session, nudge_id=nudge.id, now=datetime.now(UTC), **kwargs)


@contextmanager
def without_index(database: Database) -> Iterator[None]:
    with database.engine.begin() as connection:
        connection.execute(text("drop index nudge_next"))
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            if database.has_shared_clock:
                connection.execute(text("set local statement_timeout = 0"))
            connection.execute(text("create index nudge_next on nudge (next_at) where next_at is not null"))


def planned_in_batches(database: Database, count: int) -> float:
    """Per row."""
    rows = _rows(database, count, "batch")

    def write() -> None:
        for start in range(0, count, BATCH):
            with database.writing() as session:
                session.execute(_insert(session), rows[start : start + BATCH])

    return timed(write) / count


def planned_one_by_one(database: Database, count: int) -> float:
    """Per row, each in a transaction of its own."""
    rows = _rows(database, count, "single")

    def write() -> None:
        for row in rows:
            with database.writing() as session:
                session.execute(_insert(session), [row])

    return timed(write) / count


def _insert(session: Session) -> object:
    return insert_for(session, Nudge).on_conflict_do_nothing()


def _rows(database: Database, count: int, kind: str) -> list[dict[str, object]]:
    now = datetime.now(UTC)
    rows = [nudge_row(1, WORKSPACE, now, now + IN_A_YEAR, ordinal=number) for number in range(count)]
    for row in rows:
        row["dedupe_key"] = row["public_id"] = f"{kind}:{row['ordinal']}"
    return rows


@dataclass(frozen=True)
class JobPerNudge:
    add: float
    """per job"""
    wake_up: float
    """100 due among 1,000"""


def nothing() -> None:
    """What APScheduler is given to do."""


def apscheduler_jobs(url: str, count: int) -> JobPerNudge:
    """The design that this one replaces: a job in APScheduler's own store for every nudge."""
    store = SQLAlchemyJobStore(engine=create_engine(sqlalchemy_url(url)), tablename="apscheduler_bench")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    later = datetime.now(UTC) + IN_A_YEAR

    def add(how_many: int, when: datetime) -> float:
        job = "tests.bench.ledger:nothing"
        each = {"misfire_grace_time": None, "max_instances": DUE}
        return timed(lambda: [scheduler.add_job(job, "date", run_date=when, **each) for _ in range(how_many)])

    try:
        added = add(count, later) / count
        wake_ups = []
        for _ in range(3):
            add(DUE, datetime.now(UTC))
            scheduler.state = 1  # running, but nobody else calls it
            wake_ups.append(timed(scheduler._process_jobs))
            scheduler.state = 2
        return JobPerNudge(added, median(wake_ups))
    finally:
        scheduler.state = 1
        scheduler.shutdown(wait=True)
        store.engine.dispose()


async def procrastinate_drain(url: str, sleeping: int) -> float:
    """How long procrastinate takes for 100 due jobs among those that sleep."""
    app = App(connector=PsycopgConnector(conninfo=url))

    @app.task(name="nothing")
    async def task() -> None:
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        connection = create_engine(sqlalchemy_url(url), isolation_level="AUTOCOMMIT")
        with connection.connect() as session:
            session.execute(
                text(
                    "insert into procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) "
                    f"select 'default', 'nothing', '{{}}', 'todo', now() + interval '1 year' "
                    f"from generate_series(1, {sleeping})"
                )
            )
            session.execute(text("vacuum analyze procrastinate_jobs"))
        connection.dispose()
        for _ in range(DUE):
            await task.defer_async()
        began = time.perf_counter()
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
        return time.perf_counter() - began


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'bench.db'}"
