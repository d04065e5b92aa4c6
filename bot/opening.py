"""Opens the database that the settings name, with the schema that this code needs."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import CannotStart, Settings
from storage import migrate
from storage.database import Database


def open_database(settings: Settings) -> Database:
    """Brings the schema up to date. Raises CannotStart."""
    database = Database(settings.database_url)
    try:
        migrate.upgrade(database.engine)
    except SQLAlchemyError as wrong:
        database.close()
        raise CannotStart(f"DATABASE_URL: the database cannot be opened and written: {reason_of(wrong)}") from wrong
    except migrate.SchemaIsNewer as newer:
        database.close()
        raise CannotStart(newer_schema(str(newer))) from newer
    return database


def reason_of(wrong: SQLAlchemyError) -> str:
    """What the driver says, in one line."""
    return str(getattr(wrong, "orig", None) or wrong).strip().splitlines()[0]


def newer_schema(revision: str) -> str:
    return (
        f"DATABASE_URL: the schema is at {revision}, this code knows it up to {migrate.needed_revision()}: "
        "start the newer version, or put a backup back"
    )
