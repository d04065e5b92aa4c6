"""The words that the checks of a new wording go by, read from `words.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from bot.datafile import read_data_file
from bot.procedure.data import Data

_OWN_WORDS = Path(__file__).parent / "words.yml"


class _Bound(Data):
    before: tuple[str, ...]
    after: tuple[str, ...]


class _WordFile(Data):
    units: Mapping[str, tuple[str, ...]]
    bounds: Mapping[str, _Bound]
    days: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, str]
    negations: str
    names: tuple[str, ...]
    endings: str
    common: str


class Words(Struct, frozen=True):
    units: Mapping[str, str]
    """what is counted, by its spelling in lower case"""
    before: Mapping[str, str]
    """the side of a figure that is meant, by the words before it"""
    after: Mapping[str, str]
    days: Mapping[str, str]
    weights: Mapping[str, re.Pattern[str]]
    negation: re.Pattern[str]
    names: tuple[str, ...]
    endings: frozenset[str]
    common: frozenset[str]

    @classmethod
    def load(cls, path: Path = _OWN_WORDS) -> Words:
        """Raises BadDataFile."""
        file = read_data_file(path, _WordFile)
        return cls(
            units=_by_spelling(file.units),
            before=_by_spelling({name: bound.before for name, bound in file.bounds.items()}),
            after=_by_spelling({name: bound.after for name, bound in file.bounds.items()}),
            days=_by_spelling(file.days),
            weights={name: re.compile(pattern, re.IGNORECASE) for name, pattern in file.weights.items()},
            negation=re.compile(file.negations, re.IGNORECASE | re.VERBOSE),
            names=file.names,
            endings=frozenset(file.endings.split()),
            common=frozenset(file.common.split()),
        )


def one_of(spellings: Iterable[str]) -> str:
    """A pattern for any of the spellings, the longest first; Latin ones only as whole words."""
    return "|".join(map(_whole, sorted(set(spellings), key=len, reverse=True)))


def _whole(spelling: str) -> str:
    escaped = re.escape(spelling)
    start = r"(?<![a-z0-9])" if spelling[0].isascii() and spelling[0].isalnum() else ""
    end = r"(?![a-z0-9])" if spelling[-1].isascii() and spelling[-1].isalnum() else ""
    return f"{start}{escaped}{end}"


def _by_spelling(named: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {spelling.lower(): name for name, spellings in named.items() for spelling in spellings}
