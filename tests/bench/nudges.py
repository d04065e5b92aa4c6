"""`python -m tests.bench.nudges`: the ratios that the delivery has to keep, on both engines, as one table.

Ratios, since a machine's seconds say nothing about another's. APScheduler with a job for each nudge and procrastinate
are measured in the same run. Takes some minutes on an idle machine; `--sleeping` makes it smaller.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import text

from storage import migrate
from storage.database import Database
from tests.bench import ledger
from tests.postgres import server
from tests.reliability.fake_slack import FakeSlack, Fault, FaultOf, fault_mix, no_fault
from tests.reliability.harness import Fleet, fill, until, until_all_sent
from tests.reliability.replica import Script

FEW = 1000
SLACK_CALL = 0.1
"""seconds that a request to Slack takes, for comparison"""
AMBIGUOUS = frozenset({"http_500", "reset", "hang", "fatal_error"})


@dataclass(frozen=True)
class Row:
    """One ratio: at least `target` with `at_least`, at most otherwise. None where it does not apply."""

    name: str
    target: float | None
    sqlite: float | None = None
    postgresql: float | None = None
    postgresql_target: float | None = None
    at_least: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.nudges")
    parser.add_argument("--sleeping", type=int, default=1_000_000, help="rows that are not due")
    parser.add_argument("--planned", type=int, default=10_000, help="rows that are planned, and jobs that are added")
    parser.add_argument("--delivered", type=int, default=1000, help="nudges of the runs with replicas")
    options = parser.parse_args()
    rows = asyncio.run(measure(options))
    show(rows)
    return 0 if all(_verdict(row) != "MISSED" for row in rows) else 1


@dataclass(frozen=True)
class Engine:
    """What was measured on one engine, in seconds."""

    idle_few: float
    idle_many: float
    idle_unindexed: float
    tick_few: ledger.Tick
    tick_many: ledger.Tick
    batch: float
    single: float
    jobs: ledger.JobPerNudge


def measure_engine(url: str, options: argparse.Namespace) -> Engine:
    with Database(url) as database:
        migrate.upgrade(database.engine)
        fill(database, 1)
        with database.engine.begin() as connection:
            connection.execute(text("delete from nudge"))
        note("among few")
        ledger.sleep_until_next_year(database, FEW)
        idle_few, tick_few = ledger.idle_tick(database), ledger.full_tick(database, first_id=10_000)
        note("planning")
        batch, single = ledger.planned_in_batches(database, options.planned), ledger.planned_one_by_one(database, FEW)
        jobs = ledger.apscheduler_jobs(url, FEW)
        note(f"among {options.sleeping:,}")
        with database.engine.begin() as connection:
            connection.execute(text("delete from nudge"))
        ledger.sleep_until_next_year(database, options.sleeping)
        idle_many, tick_many = ledger.idle_tick(database), ledger.full_tick(database, first_id=20_000)
        with ledger.without_index(database):
            idle_unindexed = ledger.idle_tick(database, times=5)
        return Engine(idle_few, idle_many, idle_unindexed, tick_few, tick_many, batch, single, jobs)


async def measure(options: argparse.Namespace) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with server() as postgres:
            cold_start = time.perf_counter() - began
            note("SQLite")
            lite = await asyncio.to_thread(measure_engine, ledger.sqlite_url(Path(folder)), options)
            note("PostgreSQL")
            pg = await asyncio.to_thread(measure_engine, postgres.address, options)
            note("procrastinate")
            drained = await ledger.procrastinate_drain(
                new_database(postgres.address, "procrastinate"), options.sleeping
            )
            note("replicas")
            one = await delivery(new_database(postgres.address, "one"), options.delivered, replicas=1)
            two = await delivery(new_database(postgres.address, "two"), options.delivered, replicas=2)
            mixed = await delivery(
                new_database(postgres.address, "mixed"), options.delivered, replicas=2, faults=fault_mix(Random(5))
            )
            mixed_lite = await delivery(
                f"sqlite:///{folder}/mixed.db", options.delivered, replicas=2, faults=fault_mix(Random(5))
            )
    return table(lite, pg, drained, cold_start, one, two, mixed, mixed_lite)


@dataclass(frozen=True)
class Delivery:
    seconds: float
    history_calls: int
    ambiguous: int
    lost: int
    doubled: int


async def delivery(url: str, count: int, *, replicas: int, faults: FaultOf = no_fault) -> Delivery:
    """Replicas that are up and wait, and then have everything to do at once."""
    ambiguous = 0

    def fault_of(channel: str, ids: tuple[str, ...], tries: int) -> Fault | None:
        nonlocal ambiguous
        fault = faults(channel, ids, tries)
        ambiguous += fault is not None and fault.kind in AMBIGUOUS
        return fault

    with Database(url) as database:
        migrate.upgrade(database.engine)
        async with FakeSlack(fault_of=fault_of) as slack:
            patient = Script(url, slack.api_url, request_limit=5.0, lease=20.0, first_look=6.0, second_look=2.0)
            with Fleet(patient) as fleet:
                fleet.start(replicas)
                await until(lambda: slack.calls["api.test"] >= replicas)
                ids = fill(database, count)
                seconds = await until_all_sent(database, count, within=600)
            arrived = slack.by_nudge
            lost = sum(arrived[one] == 0 for one in ids)
            return Delivery(seconds, slack.history_calls, ambiguous, lost, slack.doubled)


def table(
    lite: Engine,
    pg: Engine,
    drained: float,
    cold_start: float,
    one: Delivery,
    two: Delivery,
    mixed: Delivery,
    mixed_lite: Delivery,
) -> list[Row]:
    def both(
        name: str, target: float, of: str, postgresql_target: float | None = None, *, at_least: bool = False
    ) -> Row:
        return Row(name, target, _RATIOS[of](lite), _RATIOS[of](pg), postgresql_target, at_least)

    return [
        both("idle tick, many sleeping / few", 1.5, "idle growth"),
        both("claim of 100, many sleeping / few", 2, "claim growth"),
        both("idle tick without the index / with", 100, "index", 20, at_least=True),
        both("claim of 100 / wake-up of APScheduler with 100 due", 1 / 20, "claim", 1 / 10),
        both("whole durable tick / the same wake-up", 1, "tick", 2.5),
        both("planning in batches / adding APScheduler jobs, per row", 1 / 30, "planning", 1 / 20),
        both("planning in batches / one by one, per row", 1 / 20, "batches", 1 / 15),
        both("database time of a nudge / a 100 ms call to Slack", 1 / 50, "share", 1 / 25),
        Row("draining 100 / procrastinate, many sleeping", 1 / 50, None, pg.tick_many.whole / drained),
        Row("wall time, two replicas / one", 0.65, None, two.seconds / one.seconds),
        Row("history calls without faults", 0, None, one.history_calls + two.history_calls),
        Row(
            "history calls / ambiguous outcomes",
            2.2,
            mixed_lite.history_calls / mixed_lite.ambiguous,
            mixed.history_calls / mixed.ambiguous,
        ),
        Row("lost + doubled with the fault mix", 0, mixed_lite.lost + mixed_lite.doubled, mixed.lost + mixed.doubled),
        Row("cold start of PostgreSQL, seconds", 3, None, cold_start),
    ]


_RATIOS = {
    "idle growth": lambda one: one.idle_many / one.idle_few,
    "claim growth": lambda one: one.tick_many.claim / one.tick_few.claim,
    "index": lambda one: one.idle_unindexed / one.idle_many,
    "claim": lambda one: one.tick_few.claim / one.jobs.wake_up,
    "tick": lambda one: one.tick_few.whole / one.jobs.wake_up,
    "planning": lambda one: one.batch / one.jobs.add,
    "batches": lambda one: one.batch / one.single,
    "share": lambda one: one.tick_few.whole / ledger.DUE / SLACK_CALL,
}


def show(rows: list[Row]) -> None:
    say("| ratio | target SQLite | SQLite | target PostgreSQL | PostgreSQL | |")
    say("| --- | ---: | ---: | ---: | ---: | --- |")
    for row in rows:
        second = row.target if row.postgresql_target is None else row.postgresql_target
        first = row.target if row.sqlite is not None else None
        figures = (_limit(first, row), _figure(row.sqlite), _limit(second, row), _figure(row.postgresql))
        say(f"| {row.name} | {' | '.join(figures)} | {_verdict(row)} |")


def _limit(value: float | None, row: Row) -> str:
    return "–" if value is None else f"{'≥' if row.at_least else '≤'} {_figure(value)}"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"1/{1 / value:.0f}" if 0 < value < 0.2 else f"{value:.3g}"


def _verdict(row: Row) -> str:
    second = row.target if row.postgresql_target is None else row.postgresql_target
    pairs = [(row.sqlite, row.target), (row.postgresql, second)]
    kept = [v >= t if row.at_least else v <= t for v, t in pairs if v is not None and t is not None]
    return "kept" if all(kept) else "MISSED"


def new_database(address: str, name: str) -> str:
    with Database(address) as database, database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"create database {name}"))
    return address.replace("/postgres?", f"/{name}?")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def note(what: str) -> None:
    """What is being measured, for whoever waits."""
    sys.stderr.write(f"… {what}\n")


if __name__ == "__main__":
    sys.exit(main())
