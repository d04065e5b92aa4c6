"""The YAML between two lines of --- at the head of an article, and the day and the names that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml
from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

from bot.articles.model import Unreadable

# The same choice as in bot/yamlfile.py: several times as fast where PyYAML was built with libyaml.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 65_536  # characters: nobody writes more, and YAML is slow
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"[\w-]+[ \t]*:")

_DAYS = (
    "lastUpdated", "last_updated", "last_update", "lastUpdate", "lastModified", "lastmod", "updatedAt", "updated_at",
    "updated", "modified", "datetime", "date", "writtenAt", "releasedAt", "publishedAt", "published_at", "pubDate",
    "createdAt",
)  # fmt: skip
"""Where the state of an article's content is dated, the best first."""
_KEYWORDS = ("category", "tags", "searchTags", "pgCompanies", "keywords", "sidebarTitle", "sidebar_label")
_ADDRESSES = ("url", "canonical", "canonicalUrl", "canonical_url")
_ADDRESS = re.compile(r"https?://[^\s<>|\"'`]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def split_front_matter(source: str) -> tuple[Mapping[str, Any], str]:
    """The front matter and what follows it. Raises Unreadable with the line of the file."""
    opening = _OPENING.match(source)
    if opening is None:
        return {}, source
    closing = _CLOSING.search(source, opening.end(), opening.end() + _LONGEST)
    if closing is None:
        if _KEY.match(source, opening.end()):
            raise Unreadable("the front matter is not closed with ---", 1)
        return {}, source  # a line across the page
    return _parsed(source[opening.end() : closing.start()]), source[closing.end() :]


def text_of(front: Mapping[str, Any], key: str) -> str:
    """The value as text; empty where it is missing, or no single value."""
    value = front.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    return str(value).strip()


def description_of(front: Mapping[str, Any]) -> str:
    seo = front.get("seo")
    return text_of(front, "description") or (text_of(seo, "description") if isinstance(seo, dict) else "")


def keywords_of(front: Mapping[str, Any]) -> str:
    """What an article is filed under, as one line."""
    seo = front.get("seo")
    named = [front.get(key) for key in _KEYWORDS] + [seo.get("keywords") if isinstance(seo, dict) else None]
    return " · ".join(dict.fromkeys(word for value in named for word in _words(value)))


def address_of(front: Mapping[str, Any]) -> str:
    """The full address under which the article says it is published, if it does."""
    given = [text_of(front, key) for key in _ADDRESSES]
    return next((address for address in given if is_address(address)), "")


def is_address(text: str) -> bool:
    """Whether it is an address that can stand in a link, whatever else somebody has written into it."""
    return bool(_ADDRESS.fullmatch(text))


def day_of(front: Mapping[str, Any], *, latest: date) -> date | None:
    """The day whose state the article describes, as it stands there; a day after `latest` is a mistake."""
    for key in _DAYS:
        day = _day(front.get(key))
        if day is not None and day <= latest:
            return day
    return None


def is_unpublished(front: Mapping[str, Any]) -> bool:
    return front.get("draft") is True or front.get("published") is False or front.get("hidden") is True


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        content = yaml.load(text, _LOADER)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        raise Unreadable(f"front matter: {broken.problem or 'not YAML'}", mark.line + 2 if mark else 1) from broken
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as broken:  # a date such as 2026-13-01; [[[[…
        raise Unreadable(f"front matter: {str(broken).splitlines()[0]}", 1) from broken
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise Unreadable("front matter: must be keys and values", 2)
    return content


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _words(one) if not isinstance(one, list) else ()
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value).strip()


def _day(value: Any) -> date | None:
    if isinstance(value, dict):  # Docusaurus: last_update: {date: …, author: …}
        value = value.get("date")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _YEAR.search(value):
        try:
            return parse_date(value.strip().replace(".", "-").strip("-")[:40]).date()
        except (ParserError, OverflowError, ValueError):
            return None
    return None
