"""Every fault test has a Slack of its own and a database of its own; those with replicas play on a stage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.office import Office
from bot.texts.catalogue import Catalogues
from storage.database import Database
from tests.conftest import SettableClock
from tests.reliability.desk import Desk
from tests.reliability.fake_slack import FakeSlack
from tests.reliability.stage import Stage


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
def stage(sqlite_template: Path, postgres_template: tuple[Engine, str]) -> Stage:
    return Stage(sqlite_template, *postgres_template)


@pytest.fixture
def desk(sqlite_database: Database, office: Office, clock: SettableClock, slack: FakeSlack, texts: Catalogues) -> Desk:
    return Desk.over(sqlite_database, office, clock, slack, texts)


@pytest.fixture
def desk_on_both(database: Database, office: Office, clock: SettableClock, slack: FakeSlack, texts: Catalogues) -> Desk:
    return Desk.over(database, office, clock, slack, texts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They wait for conditions, on a busy machine for long."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(900))
