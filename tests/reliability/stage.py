"""Where replicas play: scenes with a database, a Slack and a fleet of their own, several at once.

A scene mostly waits, for a lease to end or a look at the history to be due, so that they take little longer together.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from storage.database import Database
from tests.conftest import address_of, new_postgres_database
from tests.memory import folder_in_memory
from tests.reliability.fake_slack import FakeSlack
from tests.reliability.harness import Fleet
from tests.reliability.replica import Script

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Scene:
    database: Database
    url: str
    slack: FakeSlack
    fleet: Fleet
    folder: Path
    """for files that the test and its replicas share"""


def scene_folder() -> TemporaryDirectory[str]:
    """In memory where the machine has such a place."""
    return TemporaryDirectory(dir=folder_in_memory())


Play = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Stage:
    sqlite_template: Path
    admin: Engine
    postgres_template: str

    async def play(self, *plays: Play, on: Sequence[str] = BOTH) -> None:
        """All of them at once, on each of the engines. What goes wrong in one ends the others."""
        async with asyncio.TaskGroup() as together:
            for play in plays:
                for engine in on:
                    together.create_task(self._play(play, engine), name=f"{play} on {engine}")

    async def _play(self, play: Play, engine: str) -> None:
        async with self.scene(engine) as scene:
            try:
                await play(scene)
            except BaseException as failed:
                failed.add_note(f"on {engine}")
                raise

    @asynccontextmanager
    async def scene(self, engine: str) -> AsyncIterator[Scene]:
        async with FakeSlack() as slack:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(scene_folder()))
                if engine == SQLITE:
                    shutil.copyfile(self.sqlite_template, folder / "test.db")
                    url = f"sqlite:///{folder / 'test.db'}"
                else:
                    name = stack.enter_context(new_postgres_database(self.admin, self.postgres_template))
                    url = address_of(self.admin, name)
                database = stack.enter_context(Database(url))
                fleet = stack.enter_context(Fleet(Script(database_url=url, api_url=slack.api_url)))
                yield Scene(database, url, slack, fleet, folder)
