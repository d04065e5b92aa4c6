"""`app.py check`: what is wrong with the settings, the files and the database, and which topics have aged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.datafile import BadDataFile
from bot.knowledge import Knowledge
from bot.settings import Settings
from storage import migrate
from storage.database import Database


def what_is_wrong(settings: Settings, clock: Clock) -> Iterator[str]:
    """One line for each thing that stands in the way of a start, soon will, or makes answers unreliable.

    An aged topic stops no start: an old figure with its date serves people better than no assistant.
    """
    try:
        knowledge = Knowledge.load(settings)
    except BadDataFile as wrong:
        yield str(wrong)
    else:
        for topic in knowledge.topics.overdue(clock.now().astimezone(ZoneInfo(settings.timezone)).date()):
            yield f"topic {topic.id}: its facts should be read again, since {topic.review_after}"
    yield from _wrong_with_database(settings)


def _wrong_with_database(settings: Settings) -> Iterator[str]:
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
