"""`app.py import`: what is imported, and what is printed about it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.articles.importing import FolderRead, Imported, Refusal, keep_articles, read_folder, remove_collection
from bot.articles.reading import Publishing
from storage.articles import known_articles
from storage.database import Database


class NothingToImport(Exception):
    """The message is the one line that the operator reads."""


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of articles: .md, .mdx, .markdown")
    parser.add_argument(
        "--base-url",
        type=_base_url,
        default="",
        metavar="URL",
        help="where the articles are published; an article's slug or file name is put behind it, "
        "its whole path where {path} stands",
    )
    parser.add_argument("--as-of", type=_day, metavar="DAY", help="the day of articles that name none (2026-11-25)")
    parser.add_argument("--name", help="what this collection is called; the folder's name if not given")
    parser.add_argument("--remove", action="store_true", help="forget what was imported from this folder")


def refuse_what_is_no_folder(options: Namespace) -> None:
    """Raises NothingToImport, before a database is made for it."""
    if not options.remove and not options.folder.is_dir():
        raise NothingToImport(f"{options.folder}: is not a folder")


def import_articles(options: Namespace, database: Database, now: datetime, zone: str) -> Iterator[str]:
    """Imports as the options say; one line of text after the other. Raises NothingToImport."""
    folder: Path = options.folder
    collection = options.name or folder.resolve().name
    if options.remove:
        with database.writing() as session:
            yield _summary(remove_collection(collection=collection, now=now, session=session), FolderRead())
        return
    today = now.astimezone(ZoneInfo(zone)).date()
    with database.reading() as session:
        known = known_articles(session=session, collection=collection)
    found = read_folder(folder.resolve(), known, Publishing(today, options.base_url, options.as_of))
    if found.holds_nothing:
        yield from (_refusal(one, None) for one in found.refused)
        raise NothingToImport(f"{folder}: holds no article that can be read; nothing was changed")
    with database.writing() as session:
        done = keep_articles(found, collection=collection, now=now, session=session)
    yield from (_refusal(one, done.kept.get(one.path)) for one in found.refused)
    yield _summary(done, found)


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
    if not value.startswith(("https://", "http://")):
        raise ArgumentTypeError(f"{value!r} must start with https:// or http://")
    return value if "{path}" in value or value.endswith("/") else f"{value}/"


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no day; for example 2026-11-25") from None
