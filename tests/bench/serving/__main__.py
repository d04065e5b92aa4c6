"""What the assistant's serving costs, beside Bolt with nothing in it. One table, the ratios of one run.

`python -m tests.bench.serving` runs everything, in less than four minutes; names of parts run those alone:
`serving`, `replies`, `start`, `home`, `status`. Exit code 1 when a target is missed.

Servers are processes of their own; the requests, and the Slack that they talk to, come from this one. Two cores, and
nothing else at work: a target that a busy machine misses says nothing.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.clock import SystemClock
from bot.knowledge import Knowledge
from bot.office import Office
from bot.settings import Settings
from tests.bench.serving import rows
from tests.bench.serving.contracts import fill
from tests.bench.serving.loopback import loopback
from tests.bench.table import print_table
from tests.postgres import NoPostgres, running_postgres

PARTS = ("serving", "replies", "start", "home", "status")
_HISTORY = 1_000_000


async def main(parts: list[str]) -> bool:
    """Whether every target is met."""
    knowledge = Knowledge.load(Settings.read({}))
    office = Office(knowledge.procedures, SystemClock(), "Asia/Seoul")
    found: list[rows.Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with loopback() as slack:
            if "serving" in parts:
                found += await rows.serving(slack, office, knowledge.texts, folder)
            if "replies" in parts:
                found.append(rows.replies(knowledge.assistant(office)))
            if "start" in parts:
                found.append(await asyncio.to_thread(rows.cold_start, slack, folder))
        if {"home", "status"} & set(parts):
            found += _databases(parts, knowledge, office, folder)
    print_table(rows.HEAD, [row.cells() for row in found])
    return all(row.is_met for row in found)


def _databases(parts: list[str], knowledge: Knowledge, office: Office, folder: Path) -> list[rows.Row]:
    """On both engines; a machine without PostgreSQL shows the embedded one alone."""
    found = _on(f"sqlite:///{folder}", "SQLite", parts, knowledge, office)
    try:
        with running_postgres() as address:
            found += _on(address, "PostgreSQL", parts, knowledge, office)
    except NoPostgres as missing:
        print(f"no PostgreSQL here: {missing}")
    return found


def _on(where: str, engine: str, parts: list[str], knowledge: Knowledge, office: Office) -> list[rows.Row]:
    with rows.database(where, "small") as small, rows.database(where, "large") as large:
        fill(small, office, contracts=10, history_rows=1_000)
        fill(large, office, contracts=1_000, history_rows=_HISTORY)
        found = list(rows.home(small, large, office, knowledge.texts, engine)) if "home" in parts else []
        return found + ([rows.status(small, large, office, knowledge.texts, engine)] if "status" in parts else [])


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(PARTS)
    if not set(wanted) <= set(PARTS):
        sys.exit(f"parts are {', '.join(PARTS)}")
    sys.exit(0 if asyncio.run(main(wanted)) else 1)
