"""Says things in a person's language: sentences by their key, dates by the rules of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location
from pydantic import RootModel

from bot.datafile import BadDataFile, read_data_file
from bot.parsed import ParsedFiles
from bot.texts.particles import Count, Word

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"
_OWN_TEXTS = Path(__file__).parent
_DAY_PATTERN = {"ko": "M월 d일 (E)", "en": "EEE, MMM d"}


class _CatalogueFile(RootModel[dict[str, Any]]):
    pass


class Speaker:
    """One language's catalogue."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, /, **fields: Any) -> str:
        """The sentence of `key`, with its fields filled in. Raises KeyError for a key that the catalogue lacks."""
        return self._sentences[key].format(**{name: _spoken(value) for name, value in fields.items()})

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def day(self, day: date) -> str:
        """'11월 25일 (수)', 'Wed, Nov 25'."""
        return _day_in(self.language, day)

    def moment(self, moment: datetime, zone: str) -> str:
        """'11월 25일 (수) 09:30' in the given zone."""
        local = moment.astimezone(ZoneInfo(zone))
        return f"{self.day(local.date())} {format_time(local, 'HH:mm', locale=self.language)}"

    def zone(self, zone: str) -> str:
        """'서울 (Asia/Seoul)': the zone's city in this language beside the name by which computers know it."""
        return f"{get_timezone_location(ZoneInfo(zone), locale=self.language, return_city=True)} ({zone})"

    def __iter__(self) -> Iterator[str]:
        """Every key."""
        return iter(self._sentences)

    def pattern(self, key: str) -> str:
        """The sentence as the catalogue holds it, fields unfilled."""
        return self._sentences[key]


@lru_cache(maxsize=2048)
def _day_in(language: str, day: date) -> str:
    # A status names ten days, and to find the words of one takes longer than to read the contract.
    return format_date(day, _DAY_PATTERN[language], locale=language)


class Catalogues:
    """All languages; every one of them has the same keys."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._speakers = {language: Speaker(language, texts) for language, texts in sentences.items()}

    @classmethod
    def load(cls, folder: Path = _OWN_TEXTS, parsed: ParsedFiles | None = None) -> Catalogues:
        """Reads `ko.yml`, `en.yml`. Raises BadDataFile, also when one of them lacks a key of the other."""
        sentences = {language: _read(folder / f"{language}.yml", parsed) for language in LANGUAGES}
        for language in LANGUAGES:
            missing = sorted(set(sentences[DEFAULT_LANGUAGE]) ^ set(sentences[language]))
            if missing:
                raise BadDataFile(f"{language}.yml: {missing[0]}: stands in one catalogue only")
        return cls(sentences)

    def speaker(self, language: str | None) -> Speaker:
        """`language` may be a Slack locale ('ko-KR'). Nobody told us: Korean. One that we do not speak: English."""
        if not language:
            return self._speakers[DEFAULT_LANGUAGE]
        return self._speakers.get(language.split("-")[0].lower(), self._speakers["en"])


def _spoken(value: Any) -> Any:
    if isinstance(value, str):
        return Word(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Count(value)
    return value


def _read(path: Path, parsed: ParsedFiles | None) -> dict[str, str]:
    nested = read_data_file(path, _CatalogueFile, parsed).root
    return dict(_flatten(path, nested, ""))


def _flatten(path: Path, nested: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in nested.items():
        key = f"{prefix}{name}"
        if not isinstance(name, str):
            raise BadDataFile(f"{path.name}: {key}: YAML reads this key as {type(name).__name__}; choose another word")
        if isinstance(value, Mapping):
            yield from _flatten(path, value, f"{key}.")
        elif isinstance(value, str):
            yield key, value.rstrip("\n")
        else:
            raise BadDataFile(f"{path.name}: {key}: must be a text")
