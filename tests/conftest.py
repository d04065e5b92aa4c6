"""What several kinds of tests share: a clock that stands still, the shipped knowledge, a database of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from bot.office import Office
from bot.procedure.load import Procedures, load_procedures
from bot.texts.catalogue import Catalogues
from storage import migrate
from storage.database import Database, sqlalchemy_url
from tests.postgres import NoPostgres, running_postgres
from tests.team import Team

# No deadlines: a first call that loads a table is no failure, and timings belong into tests/bench.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")

MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""10:00 in Seoul."""


class SettableClock:
    """Stands still until it is told."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        self._now += step


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="session")
def procedures() -> Procedures:
    return load_procedures()


@pytest.fixture(scope="session")
def texts() -> Catalogues:
    return Catalogues.load()


@pytest.fixture
def office(procedures: Procedures, clock: SettableClock) -> Office:
    return Office(procedures, clock)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A server for the whole run: TEST_DATABASE_URL, or one of our own. Missing: a skip, but in CI a failure."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    try:
        with running_postgres() as address:
            yield address
    except NoPostgres as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL here: {missing}")


@pytest.fixture
def postgres_url(postgres_address: str) -> Iterator[str]:
    """An empty database of its own for one test."""
    name = f"test_{uuid4().hex[:12]}"
    admin = create_engine(sqlalchemy_url(postgres_address), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{name}" with (force)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Tests that use this run on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database(database_url) as database:
        migrate.upgrade(database.engine)
        yield database


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """For tests whose promise has nothing to do with the engine."""
    with Database(f"sqlite:///{tmp_path / 'test.db'}") as database:
        migrate.upgrade(database.engine)
        yield database


@pytest.fixture
def team(sqlite_database: Database, office: Office) -> Team:
    return Team(sqlite_database, office)


@pytest.fixture
def team_on_both(database: Database, office: Office) -> Team:
    """For promises that rest on the database: the test runs on SQLite and on PostgreSQL."""
    return Team(database, office)
