"""The options of `app.py import`, apart from the import itself: the parser is made for every command."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path


def add_import_options(parser: ArgumentParser) -> None:
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


def _base_url(value: str) -> str:
    from bot.articles.front_matter import is_address  # which reads YAML, and nobody but an import needs that

    if not is_address(value):
        raise ArgumentTypeError(f"{value!r} must be an address that starts with https:// or http://")
    return value if "{path}" in value or value.endswith("/") else f"{value}/"


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no day; for example 2026-11-25") from None
