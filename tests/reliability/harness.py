"""What the fault tests share: a ledger full of nudges, replicas to kill, and the count of what arrived."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, insert, select
from sqlmodel import col

from storage.database import Database, clock_of_database
from storage.tables import Contract, Nudge, NudgeStatus, Progress, StepStatus, Workspace
from tests.reliability.fake_slack import FakeSlack
from tests.reliability.replica import Script, main

RULE, STEP, PROCEDURE = "application_idle", "application", "kg_mobilians"
WORKSPACE = "T0RELIABLE"
_BATCH = 1000
PATIENCE = 240.0
"""Seconds that something may take on a machine that is busy with other things."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["__main__", "tests.reliability.replica"])


def fill(
    database: Database,
    count: int,
    *,
    due_in: timedelta = timedelta(0),
    workspaces: tuple[str, ...] = (WORKSPACE,),
    first_id: int = 1,
    now: datetime | None = None,
) -> list[str]:
    """Contracts, each in a channel of its own and with one nudge that is due. Returns the nudges' public ids."""
    with database.writing() as session:
        now = now or clock_of_database(session=session)
        ids = []
        for workspace in workspaces:
            if session.get(Workspace, workspace) is None:
                session.add(Workspace(id=workspace, created_at=now))
        session.flush()
        for start in range(first_id, first_id + count, _BATCH):
            numbers = range(start, min(start + _BATCH, first_id + count))
            owners = [workspaces[number % len(workspaces)] for number in numbers]
            session.execute(insert(Contract), [_contract(n, w, now) for n, w in zip(numbers, owners, strict=True)])
            session.execute(insert(Progress), [_progress(n, w, now) for n, w in zip(numbers, owners, strict=True)])
            nudges = [nudge_row(n, w, now, now + due_in) for n, w in zip(numbers, owners, strict=True)]
            session.execute(insert(Nudge), nudges)
            ids += [str(row["public_id"]) for row in nudges]
        if database.engine.dialect.name == "postgresql":
            session.execute(select(func.setval("contract_id_seq", first_id + count)))
    return ids


def _contract(number: int, workspace: str, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "workspace_id": workspace,
        "channel_id": f"C{number}",
        "procedure_id": PROCEDURE,
        "merchant": f"가맹점 {number}",
        "contact_email": "",
        "payment_methods": ["card"],
        "site_url": "",
        "owner_id": "U1",
        "language": "ko",
        "zone": "Asia/Seoul",
        "status": "active",
        "started_on": now.date(),
        "created_by": "U1",
        "created_at": now,
    }


def _progress(number: int, workspace: str, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": workspace,
        "contract_id": number,
        "step_id": STEP,
        "status": StepStatus.ACTIVE,
        "entry": 1,
        "active_on": now.date(),
    }


def nudge_row(number: int, workspace: str, now: datetime, due_at: datetime, ordinal: int = 1) -> dict[str, object]:
    key = f"{workspace}:{number}:{RULE}:1:{ordinal}"
    return {
        "workspace_id": workspace,
        "contract_id": number,
        "channel_id": f"C{number}",
        "dedupe_key": key,
        "public_id": str(uuid5(NAMESPACE_URL, key)),
        "rule_id": RULE,
        "step_id": STEP,
        "entry": 1,
        "ordinal": ordinal,
        "status": NudgeStatus.SCHEDULED,
        "counted_on": now.date(),
        "due_at": due_at,
        "next_at": due_at,
        "snoozed": False,
        "attempts": 0,
        "checks": 0,
    }


def statuses(database: Database) -> dict[str, int]:
    """How many of the first nudges stand where."""
    counted = (
        select(col(Nudge.status), func.count())
        .where(col(Nudge.rule_id) == RULE, col(Nudge.ordinal) == 1)
        .group_by(col(Nudge.status))
    )
    with database.reading() as session:
        return {row[0]: row[1] for row in session.execute(counted)}


def first_nudges(database: Database) -> list[Nudge]:
    rows = select(Nudge).where(col(Nudge.rule_id) == RULE, col(Nudge.ordinal) == 1).order_by(col(Nudge.id))
    with database.reading() as session:
        return list(session.execute(rows).scalars())


@dataclass
class Replica:
    process: BaseProcess

    def signal(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def has_ended(self) -> bool:
        return not self.process.is_alive()


@dataclass
class Fleet:
    """The replicas of one test. Only processes that it started are ever signalled.

    They are forked from a server that has imported everything once: a replica that replaces a killed one is there
    at once, as from a supervisor on a machine that has nothing else to do.
    """

    script: Script
    replicas: list[Replica] = field(default_factory=list)
    is_loud: bool = bool(os.environ.get("REPLICAS_LOUD"))
    """whether their logs are shown, for whoever looks for a fault"""

    def start(self, count: int = 1, **changes: object) -> list[Replica]:
        script = replace(self.script, **changes)  # type: ignore[arg-type]
        started = [Replica(_FORKS.Process(target=main, args=(script, self.is_loud), daemon=True)) for _ in range(count)]
        for replica in started:
            replica.process.start()
        self.replicas += started
        return started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for replica in self.replicas:
            if not replica.has_ended():
                replica.kill()


async def until(what: Callable[[], object], *, saying: str = "", within: float = PATIENCE) -> float:
    """Waits for it; returns the seconds it took. Real processes keep real time, so this is the one place that waits."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > within:
            raise AssertionError(f"not within {within} s: {saying}")
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def until_all_sent(database: Database, count: int, *, within: float = PATIENCE) -> float:
    def done() -> bool:
        return statuses(database) == {NudgeStatus.SENT: count}

    try:
        return await until(done, within=within)
    except AssertionError:
        raise AssertionError(f"of {count} nudges after {within} s: {statuses(database)}") from None


def assert_each_once(slack: FakeSlack, ids: list[str]) -> None:
    arrived = slack.by_nudge
    lost = [one for one in ids if arrived[one] == 0]
    doubled = [one for one in ids if arrived[one] > 1]
    assert (len(lost), len(doubled)) == (0, 0), f"lost {lost[:3]}, doubled {doubled[:3]}"


def read_report(file: Path) -> dict[str, object]:
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError):
        return {}
