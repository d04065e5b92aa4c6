"""Every fault test has a Slack of its own, a database of its own, and a fleet that is gone afterwards."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.office import Office
from bot.texts.catalogue import Catalogues
from storage.database import Database
from tests.conftest import SettableClock
from tests.reliability.desk import Desk
from tests.reliability.fake_slack import FakeSlack
from tests.reliability.harness import Fleet
from tests.reliability.replica import Script


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
def fleet(database: Database, database_url: str, slack: FakeSlack) -> Iterator[Fleet]:
    fleet = Fleet(Script(database_url=database_url, api_url=slack.api_url))
    yield fleet
    fleet.stop()


@pytest.fixture
def fleet_on_sqlite(sqlite_database: Database, slack: FakeSlack) -> Iterator[Fleet]:
    """For faults that have nothing to do with the engine."""
    url = sqlite_database.engine.url.render_as_string(hide_password=False)
    fleet = Fleet(Script(database_url=url, api_url=slack.api_url))
    yield fleet
    fleet.stop()


@pytest.fixture
def desk(sqlite_database: Database, office: Office, clock: SettableClock, slack: FakeSlack, texts: Catalogues) -> Desk:
    return Desk.over(sqlite_database, office, clock, slack, texts)


@pytest.fixture
def desk_on_both(database: Database, office: Office, clock: SettableClock, slack: FakeSlack, texts: Catalogues) -> Desk:
    return Desk.over(database, office, clock, slack, texts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The fault tests start replicas as processes and race real leases: minutes, and a machine of their own."""
    if os.environ.get("FAULT_TESTS"):
        return
    skipped = pytest.mark.skip(reason="fault tests with replicas as processes: set FAULT_TESTS=1 to run them")
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name.startswith("test_f"):
            item.add_marker(skipped)
