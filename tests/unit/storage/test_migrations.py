from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

import storage.tables
from storage import migrate
from storage.database import Database
from tests.conftest import address_of, new_postgres_database


@pytest.fixture
def migrated(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Beside `database`, which got its tables at once: one of the same engine that took every migration."""
    with ExitStack() as stack:
        if database.has_shared_clock:
            admin, _ = request.getfixturevalue("postgres_template")
            url = address_of(admin, stack.enter_context(new_postgres_database(admin)))
        else:
            url = f"sqlite:///{tmp_path / 'migrated.db'}"
        found = stack.enter_context(Database(url))
        migrate.upgrade(found.engine, to=migrate.needed_revision())
        yield found


def test_the_migrations_lead_to_the_tables_that_a_new_database_gets(database: Database, migrated: Database) -> None:
    made, led_to = _schema(database), _schema(migrated)

    assert len(made) > 15
    assert led_to == made


def test_the_names_of_the_files_tell_the_versions_in_their_order() -> None:
    folder = Path(storage.tables.__file__).parent / "migrations"
    of_alembic = [script.revision for script in ScriptDirectory(str(folder)).walk_revisions()]

    assert migrate.revisions() == of_alembic[::-1]


def test_a_schema_of_a_later_version_is_left_alone(sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))

    with pytest.raises(migrate.SchemaIsNewer, match="9999"):
        migrate.upgrade(sqlite_database.engine)


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


def _schema(database: Database) -> dict[str, dict[str, Any]]:
    """Of each table all that the engine says of it, in no order."""
    found = inspect(database.engine)
    return {
        table: {
            "columns": {
                column.pop("name"): {**column, "type": str(column["type"])}
                for column in map(dict, found.get_columns(table))
            },
            "key": found.get_pk_constraint(table),
            "unique": _by_name(found.get_unique_constraints(table)),
            "checks": _by_name(found.get_check_constraints(table)),
            "indexes": _by_name(found.get_indexes(table)),
            "points at": sorted(map(repr, found.get_foreign_keys(table))),
        }
        for table in found.get_table_names()
    }


def _by_name(found: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {one["name"]: {key: str(value) for key, value in _flat(one).items()} for one in found}


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    """With the condition of an index as a text: as an object it is equal to itself alone."""
    return {**one, "dialect_options": None, **one.get("dialect_options", {})}


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
