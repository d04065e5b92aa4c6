from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
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


def test_a_replica_of_the_version_before_goes_on_after_every_migration(tmp_path: Path) -> None:
    """It reads its columns, and its inserts name no new one."""
    broken = []
    with Database(f"sqlite:///{tmp_path / 'steps.db'}") as database:
        before: dict[str, dict[str, Any]] = {}
        for revision in migrate.revisions():
            migrate.upgrade(database.engine, to=revision)
            after = _columns(database)
            broken += [f"{revision}: {problem}" for problem in _what_breaks(before, after)]
            before = after

    assert len(before) > 15
    assert broken == []


def test_what_would_break_a_replica_is_seen() -> None:
    text = {"type": sa.String(), "nullable": True, "default": None}
    before = {"t": {"a": text, "b": text}}

    assert list(_what_breaks(before, {})) == ["t is gone"]
    assert list(_what_breaks(before, {"t": {"a": text}})) == ["t.b is gone"]
    assert list(_what_breaks(before, {"t": {"a": text, "b": {**text, "nullable": False}}})) == ["t.b must be given now"]
    new = {**text, "nullable": False}
    assert list(_what_breaks(before, {"t": {"a": text, "b": text, "c": new}})) == ["t.c must be given now"]
    assert list(_what_breaks(before, {"t": {"a": text, "b": text, "c": {**new, "default": "''"}}})) == []
    assert list(_what_breaks(before, {"t": {"a": text, "b": {**text, "type": sa.Integer()}}})) == [
        "t.b is of another type"
    ]


def _columns(database: Database) -> dict[str, dict[str, Any]]:
    found = inspect(database.engine)
    return {
        name: {column["name"]: dict(column) for column in found.get_columns(name)}
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def _what_breaks(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Iterator[str]:
    for table, columns in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        yield from (f"{table}.{name} is gone" for name in columns if name not in after[table])
        for name, column in after[table].items():
            old = columns.get(name)
            was_optional = old is None or old["nullable"] or old["default"] is not None
            if was_optional and not column["nullable"] and column["default"] is None:
                yield f"{table}.{name} must be given now"
            if old is not None and type(old["type"]) is not type(column["type"]):
                yield f"{table}.{name} is of another type"
