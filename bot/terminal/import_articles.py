"""`app.py import`: what is imported, and what is printed about it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from bot.articles.front_matter import is_address
from bot.articles.importing import FolderRead, Imported, Refusal, keep_articles, read_folder
from bot.articles.reading import Publishing
from storage.articles import known_articles
from storage.database import Database


class CannotImport(Exception):
    """The message is the one line that the operator reads."""


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of articles: .md, .mdx, .markdown")
    parser.add_argument(
        "--base-url",
        type=_base_url,
        metavar="URL",
        help="where the articles are published; an article's slug or file name is put behind it, "
        "its whole path where {path} stands",
    )
    parser.add_argument("--as-of", type=_day, metavar="DAY", help="the day of articles that name none (2026-11-25)")
    parser.add_argument("--name", help="what this collection is called; the folder's name if not given")
    parser.add_argument("--remove", action="store_true", help="forget what was imported from this folder")


def refuse_what_is_no_folder(options: Namespace) -> None:
    """Raises CannotImport, before a database is made for it."""
    if not options.remove and not options.folder.is_dir():
        raise CannotImport(f"{options.folder}: is not a folder")


def import_articles(options: Namespace, database: Database, now: datetime, zone: str) -> Iterator[str]:
    """Imports as the options say; one line of text after the other. Raises CannotImport."""
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
        raise CannotImport(f"{folder}: holds no article that can be read; nothing was changed")
    done = _kept(database, found, collection, now)
    yield from (_refusal(one, done.kept.get(one.path)) for one in found.refused)
    yield _summary(done, found)


def _kept(database: Database, found: FolderRead, collection: str, now: datetime) -> Imported:
    try:
        with database.writing() as session:
            return keep_articles(found, collection=collection, now=now, session=session)
    except OperationalError as busy:
        reason = str(busy.orig).splitlines()[0]
        raise CannotImport(f"nothing was changed; the database is busy, try again ({reason})") from busy


def _summary(done: Imported, found: FolderRead) -> str:
    counts = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.removed} removed"
    left_out = f" ({found.left_out} left out: drafts, pieces of other pages, pages without text)"
    return f"{counts}, {len(found.refused)} refused{left_out if found.left_out else ''}"


def _refusal(one: Refusal, kept: datetime | None) -> str:
    place = f"{one.path}:{one.line}" if one.line else one.path
    stays = f"; what was imported on {kept.astimezone(UTC).date()} stays" if kept else ""
    line = f"refused {place}: {one.reason}{stays}"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


def _base_url(value: str) -> str:
    if not is_address(value):
        raise ArgumentTypeError(f"{value!r} must be an address that starts with https:// or http://")
    return value if "{path}" in value or value.endswith("/") else f"{value}/"


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no day; for example 2026-11-25") from None
