"""The schema's versions: what the database has, what this code needs, and the way from one to the other.

Alembic is loaded only where something has to be migrated: a start finds the schema as it should be, or nothing at all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, select, text
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from storage.partial_index import tell_postgresql

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 727_404_112  # any number, the same in every replica
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""


class SchemaIsNewer(Exception):
    """The message is the database's version, which this code does not know."""


def upgrade(engine: Engine, *, to: str | None = None) -> None:
    """Brings the schema to what this code needs, in one transaction. Replicas that start together take turns.

    An empty database gets the tables as they are now: a test keeps that the migrations lead to the same. With `to` it
    is taken that far, one migration after the other, from wherever it is.

    Raises SchemaIsNewer.
    Replicas of the version before go on meanwhile, so a migration only adds: what is dropped, renamed or made
    stricter goes in the release after the one whose code does without it. A test keeps that.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # A migration of a large table, and a replica that waits for it, take as long as they take.
            connection.execute(text("set local statement_timeout = 0"))
            connection.execute(text("set local lock_timeout = 0"))
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        wanted, current = to or needed_revision(), current_revision(connection)
        if current is not None and is_newer(current):
            raise SchemaIsNewer(current)
        if current is None and to is None:
            _make_tables(connection)
        elif current != wanted:
            _migrate(connection, wanted)


def current_revision(connection: Connection) -> str | None:
    """The version that the database has; None when it has none yet."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


def is_newer(revision: str | None) -> bool:
    """Whether a later version of this code has been at the database."""
    return revision is not None and revision not in revisions()


@cache
def needed_revision() -> str:
    """The version that this code needs: asked for whenever somebody asks whether we are ready."""
    return revisions()[-1]


def revisions() -> list[str]:
    """All versions, the oldest first: each is the number with which the name of its file begins."""
    return sorted(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def make_revision(connection: Connection, message: str, revision: str) -> None:
    """Writes a new file into `migrations/versions` with what the tables have and the database has not."""
    from alembic import command

    command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)


def _make_tables(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        tell_postgresql(SQLModel.metadata)
    SQLModel.metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=True)
    connection.execute(_VERSION.insert().values(version_num=needed_revision()))


def _migrate(connection: Connection, to: str) -> None:
    from alembic import command

    command.upgrade(_config(connection), to)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
