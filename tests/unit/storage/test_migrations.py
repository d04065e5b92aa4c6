from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

import storage.tables  # noqa: F401
from storage import migrate
from storage.database import Database


def test_the_migrations_build_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_carries_the_workspace(database: Database) -> None:
    tables = [name for name in inspect(database.engine).get_table_names() if name != "alembic_version"]

    of_nobody = {"instance", "workspace", "oauth_state"}  # the tenants themselves, and whoever is about to become one
    without = [
        name
        for name in tables
        if name not in of_nobody
        and not SQLModel.metadata.tables[name].info.get("shared")
        and "workspace_id" not in {c["name"] for c in inspect(database.engine).get_columns(name)}
    ]

    assert without == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate.upgrade(database.engine)

    with database.engine.connect() as connection:
        assert migrate.current_revision(connection) == migrate.needed_revision()


def test_an_empty_database_has_no_version(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'empty.db'}") as database, database.engine.connect() as connection:
        assert migrate.current_revision(connection) is None


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg"),
        ("sqlite:///x", "sqlite"),
    ],
)
def test_a_plain_postgresql_address_gets_the_driver_that_we_ship(given: str, driver: str) -> None:
    from storage.database import sqlalchemy_url

    assert sqlalchemy_url(given).split(":")[0] == driver
