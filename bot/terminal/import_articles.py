"""`app.py import`: what is imported, and what is printed about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from bot.articles.importing import FolderRead, Imported, Refusal, keep_articles, read_folder
from bot.articles.reading import Publishing
from bot.settings import CannotStart
from storage.articles import known_articles
from storage.database import Database


def refuse_what_is_no_folder(options: Namespace) -> None:
    """Raises CannotStart, before a database is made for it."""
    if not options.remove and not options.folder.is_dir():
        raise CannotStart(f"{options.folder}: is not a folder")


def import_articles(options: Namespace, database: Database, now: datetime, zone: str) -> Iterator[str]:
    """Imports as the options say; one line of text after the other. Raises CannotStart."""
    folder: Path = options.folder
    collection = options.name or folder.resolve().name
    if options.remove:
        yield _summary(_kept(database, FolderRead(), collection, now), FolderRead())
        return
    today = now.astimezone(ZoneInfo(zone)).date()
    with database.reading() as session:
        known = known_articles(session=session, collection=collection)
    found = read_folder(folder.resolve(), known, Publishing(today, options.base_url or "", options.as_of))
    if found.holds_nothing:
        yield from (_refusal(one, None) for one in found.refused)
        raise CannotStart(f"{folder}: holds no article that can be read; nothing was changed")
    done = _kept(database, found, collection, now)
    yield from (_refusal(one, done.kept.get(one.path)) for one in found.refused)
    yield _summary(done, found)


def _kept(database: Database, found: FolderRead, collection: str, now: datetime) -> Imported:
    try:
        with database.writing() as session:
            return keep_articles(found, collection=collection, now=now, session=session)
    except OperationalError as busy:
        reason = str(busy.orig).splitlines()[0]
        raise CannotStart(f"nothing was changed; the database is busy, try again ({reason})") from busy


def _summary(done: Imported, found: FolderRead) -> str:
    counts = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.removed} removed"
    left_out = f" ({found.left_out} left out: drafts, pieces of other pages, pages without text)"
    return f"{counts}, {len(found.refused)} refused{left_out if found.left_out else ''}"


def _refusal(one: Refusal, kept: datetime | None) -> str:
    place = f"{one.path}:{one.line}" if one.line else one.path
    stays = f"; what was imported on {kept.astimezone(UTC).date()} stays" if kept else ""
    line = f"refused {place}: {one.reason}{stays}"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
