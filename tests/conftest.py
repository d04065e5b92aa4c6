"""What several kinds of tests share: a clock that stands still, the shipped knowledge, a database of each kind."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Engine, create_engine, text

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


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Every core for the whole suite; a few files are through before further processes have started."""
    return None if config.args_source is not pytest.Config.ArgsSource.ARGS else 0


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


@pytest.fixture(scope="session", autouse=True)
def bytecode_of_processes(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Where Python is told to write no bytecode, processes that tests start are compiled once for all workers.

    Elsewhere they find what has been compiled before: in a folder of their own they would compile everything anew.
    """
    ours = tmp_path_factory.getbasetemp()
    folder = ours if worker_id == "master" else ours.parent
    with pytest.MonkeyPatch.context() as environment:
        if sys.dont_write_bytecode:
            environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            environment.setenv("PYTHONPYCACHEPREFIX", str(folder / "bytecode"))
        yield


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


@pytest.fixture(scope="session")
def postgres_template(postgres_address: str) -> Iterator[tuple[Engine, str]]:
    """An administrator's engine, and the name of a database with our tables that new ones are copied from."""
    admin = create_engine(sqlalchemy_url(postgres_address), isolation_level="AUTOCOMMIT")
    with new_postgres_database(admin) as name:
        with Database(address_of(admin, name)) as database:
            migrate.upgrade(database.engine)
        yield admin, name
    admin.dispose()


@pytest.fixture
def postgres_url(postgres_template: tuple[Engine, str]) -> Iterator[str]:
    """A database of its own for one test, with our tables and nothing in them."""
    admin, template = postgres_template
    with new_postgres_database(admin, template) as name:
        yield address_of(admin, name)


@contextmanager
def new_postgres_database(admin: Engine, template: str = "template1") -> Iterator[str]:
    """A copy of the template, for as long as the block lasts. Yields its name."""
    name = f"test_{uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{template}"'))
    yield name
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{name}" with (force)'))


def address_of(admin: Engine, name: str) -> str:
    return admin.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables that new databases are copied from: a copy takes less than running every migration."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with Database(f"sqlite:///{path}") as database:
        migrate.upgrade(database.engine)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of its own for one test, with our tables and nothing in them."""
    path = tmp_path / "test.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Tests that use this run on both engines."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database(database_url) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """For tests whose promise has nothing to do with the engine."""
    with Database(sqlite_url) as database:
        yield database


@pytest.fixture
def team(sqlite_database: Database, office: Office) -> Team:
    return Team(sqlite_database, office)


@pytest.fixture
def team_on_both(database: Database, office: Office) -> Team:
    """For promises that rest on the database: the test runs on SQLite and on PostgreSQL."""
    return Team(database, office)
