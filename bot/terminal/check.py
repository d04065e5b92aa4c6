"""`app.py check`: what is wrong with the settings, the files and the database, and which topics have aged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.datafile import BadDataFile
from bot.knowledge import Knowledge
from bot.opening import newer_schema, reason_of
from bot.settings import BadSettings, Settings
from storage import migrate
from storage.database import Database
from storage.installations import every_installation
from storage.vault import CannotUnseal, Vault


def what_is_wrong(settings: Settings, clock: Clock) -> Iterator[str]:
    """One line for each thing that stands in the way of a start, soon will, or makes answers unreliable.

    An aged topic stops no start: an old figure with its date serves people better than no assistant.
    """
    try:
        knowledge = Knowledge.load(settings)
    except (BadDataFile, BadSettings) as wrong:
        yield str(wrong)
    else:
        for topic in knowledge.topics.overdue(clock.now().astimezone(ZoneInfo(settings.timezone)).date()):
            yield f"topic {topic.id}: its facts should be read again, since {topic.review_after}"
    yield from _wrong_with_database(settings)


def wrong_with_installations(settings: Settings, scopes: Sequence[str]) -> Iterator[str]:
    """Tokens that none of our keys opens, and permissions that the manifest has come to ask for since."""
    file = settings.sqlite_file
    if not settings.token_keys or (file is not None and not file.exists()):
        return
    vault = Vault([key.get_secret_value() for key in settings.token_keys])
    try:
        with Database(settings.database_url, threads=1) as database, database.reading() as session:
            found = every_installation(session=session)
    except SQLAlchemyError:
        return  # said above
    for one in found:
        whose = one.workspace_id or one.enterprise_id
        try:
            vault.unseal(one.token)
        except CannotUnseal:
            yield f"TOKEN_KEYS: none of them opens the token of {whose}"
        missing = [scope for scope in scopes if scope not in one.scopes]
        if missing:
            yield f"{whose} has not given {', '.join(missing)}: it has to install the app again"


def _wrong_with_database(settings: Settings) -> Iterator[str]:
    file = settings.sqlite_file
    if file is not None and not os.access(file.parent, os.W_OK):  # SQLite keeps its log beside it
        yield f"DATABASE_URL: no file can be made in {file.parent}"
        return
    if file is not None and not file.exists():
        return
    if file is not None and not os.access(file, os.W_OK):
        yield f"DATABASE_URL: {file} cannot be written"
        return
    try:
        with Database(settings.database_url, threads=1) as database, database.engine.connect() as connection:
            current, needed = migrate.current_revision(connection), migrate.needed_revision()
    except SQLAlchemyError as wrong:
        yield f"DATABASE_URL: the database cannot be read: {reason_of(wrong)}"
    else:
        if migrate.is_newer(current):
            yield newer_schema(str(current))
        elif current not in {None, needed}:
            yield f"DATABASE_URL: the schema is at {current}, this code needs {needed}: start app.py once to migrate it"
