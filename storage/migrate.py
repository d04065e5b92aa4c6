"""The schema's versions: what the database has, what this code needs, and the way from one to the other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 727_404_112  # any number, the same in every replica


class SchemaIsNewer(Exception):
    """The message is the database's version, which this code does not know."""


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Brings the schema to what this code needs, in one transaction. Replicas that start together take turns.

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
        try:
            command.upgrade(_config(connection), to)
        except CommandError as refused:
            current = current_revision(connection)
            if is_newer(current):
                raise SchemaIsNewer(current) from refused
            raise


def current_revision(connection: Connection) -> str | None:
    """The version that the database has; None when it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_newer(revision: str | None) -> bool:
    """Whether a later version of this code has been at the database."""
    return revision is not None and revision not in revisions()


@cache
def needed_revision() -> str | None:
    """The version that this code needs: asked for whenever somebody asks whether we are ready."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def revisions() -> list[str]:
    """All versions, the oldest first."""
    return [script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()][::-1]


def make_revision(connection: Connection, message: str, revision: str) -> None:
    """Writes a new file into `migrations/versions` with what the tables have and the database has not."""
    command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
