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
        reason = str(getattr(wrong, "orig", None) or wrong).strip().splitlines()[0]
        raise CannotStart(f"DATABASE_URL: the database cannot be opened and written: {reason}") from wrong
    return database
