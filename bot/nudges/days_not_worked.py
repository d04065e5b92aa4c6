"""The days on which a country does not work, and a file that remembers them from one start to the next.

The package that knows the holidays loads those of every country on earth, which takes a start a tenth of its time.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from bot.cachefile import cache_folder, replace_file

_NAME = "days-not-worked.json"
_AROUND = 2
"""How many years before and after the one that is asked for are kept with it: hardly anybody plans further."""
_MOST = 40
"""years of a country; somebody may ask for any of them"""


@lru_cache(maxsize=256)
def days_not_worked(country: str, year: int) -> frozenset[date]:
    """The weekends, public and bank holidays of one year. A pure function, so it is remembered for everybody."""
    path, key = cache_folder() / _NAME, _key()
    kept = _read(path, key)
    try:
        return frozenset(map(date.fromisoformat, kept[country][str(year)]))
    except (KeyError, TypeError, ValueError):
        return _ask(country, year, kept, path, key)


def _ask(country: str, year: int, kept: dict[str, Any], path: Path, key: str) -> frozenset[date]:
    years = range(max(year - _AROUND, date.min.year), min(year + _AROUND, date.max.year) + 1)
    found = {one: _by_package(country, one) for one in years}
    written = {str(one): sorted(map(date.isoformat, days)) for one, days in found.items()}
    before = kept.get(country, {})
    content = {"key": key, "countries": {**kept, country: written if len(before) > _MOST else {**before, **written}}}
    replace_file(path, lambda file: file.write(json.dumps(content).encode()))
    return found[year]


def _by_package(country: str, year: int) -> frozenset[date]:
    """What the `holidays` package says; nobody here keeps a list."""
    import holidays

    supported = holidays.country_holidays(country).supported_categories
    wanted = tuple(category for category in ("public", "bank") if category in supported)
    found = holidays.country_holidays(country, years=year, categories=wanted)
    first = date(year, 1, 1)
    year_days = (first + timedelta(number) for number in range(366 if year < date.max.year else 365))
    return frozenset(found) | {day for day in year_days if day.weekday() in found.weekend and day.year == year}


def _key() -> str:
    """Changes with the package, and with what is made here of what it says."""
    about = distribution("holidays").read_text("METADATA") or ""  # not its version: that takes reading all of this
    return hashlib.sha256(about.encode() + Path(__file__).read_bytes()).hexdigest()


def _read(path: Path, key: str) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_bytes())
        return dict(kept["countries"]) if kept["key"] == key else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
