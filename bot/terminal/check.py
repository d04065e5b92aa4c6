"""`app.py check`: what is wrong with the settings, the files and the database."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.datafile import BadDataFile
from bot.knowledge import Knowledge
from bot.settings import Settings
from storage import migrate
from storage.database import Database


def what_is_wrong(settings: Settings) -> Iterator[str]:
    """One line for each thing that stands in the way of a start, or soon will."""
    try:
        Knowledge.load(settings)
    except BadDataFile as wrong:
        yield str(wrong)
    file = settings.sqlite_file
    if file is not None and not file.exists():
        if not os.access(file.parent, os.W_OK):
            yield f"DATABASE_URL: no file can be made in {file.parent}"
        return
    try:
        with Database(settings.database_url, threads=1) as database, database.engine.connect() as connection:
            current, needed = migrate.current_revision(connection), migrate.needed_revision()
    except SQLAlchemyError as wrong:
        yield f"DATABASE_URL: cannot be reached: {type(getattr(wrong, 'orig', wrong)).__name__}"
    else:
        if current not in {None, needed}:
            yield f"DATABASE_URL: the schema is at {current}, this code needs {needed}: start app.py once to migrate it"
