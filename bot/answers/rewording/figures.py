"""What a text states in figures: numbers with what they count, dates, times, addresses and codes, however written.

'3.20%' and '3.2 퍼센트' are one figure, and so are '20만 원' and '200,000원', '2~3영업일' and '2 to 3 business days'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.answers.rewording import moments
from bot.answers.rewording.amounts import (
    AMOUNT,
    LATIN_NUMBER,
    NATIVE_NUMBER,
    SINO,
    SPAN,
    SPANS,
    amount,
    spelled,
    with_scale,
)
from bot.answers.rewording.words import Words, one_of


class Figure(Struct, frozen=True):
    kind: str
    value: str
    """in one form for all spellings"""
    start: int
    end: int
    unit: str = ""
    bound: str = ""
    """which side is meant: at most, more than, from"""

    @property
    def fact(self) -> tuple[str, str, str, str]:
        return self.kind, self.value, self.unit, self.bound


_SAME_SIGN = str.maketrans("～〜∼–—−‐‑％　 ", "~~~-----%  ")
_GONE = "\0"  # stands where something was read already

_LINK = re.compile(
    r"https?://[^\s<>|()\[\]가-힣\"']+|(?<![\w.@-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>|()\[\]가-힣]*)?", re.I
)
_MAIL = re.compile(r"[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.I | re.A)
_PHONE = re.compile(
    r"(?<![\w-])(?:\+82[ -]?\d{1,2}[ -]|\(?0\d{1,2}[)-] ?|0\d{1,2}[ .])\d{3,4}[ .-]\d{4}(?![\w-])"
    r"|(?<![\w-])1[5-9]\d\d-\d{4}(?![\w-])"
)
_CODE = re.compile(
    r"(?<![a-z0-9])(?:[a-z]+[-_]?\d[a-z0-9_-]*|\d+[a-z][a-z0-9_-]*\d|(?:[a-z0-9]+-)+key-?)(?![a-z0-9])"
    r"|(?<![a-z0-9.,])0\d{1,2}(?![a-z0-9]|[.,]\d)",
    re.I,
)
_LIST_GOES_ON = re.compile(r"(?:\s?[,·/]\s?|\s?(?:와|과|이나|나)\s|,?\s(?:and|or)\s|,\s?(?:and|or)\s)")
_NO_UNIT = "(?<=초)과|(?<=주)[소말문]|(?<=일)[반정부]|(?<=분)[의야]"
"""What makes another word of a unit: 초과, 주말, 일부."""
_NEXT_WORD = re.compile(r"[가-힣]|\s(?!or\b|and\b|to\b|of\b)[a-z]+", re.I)
_PARTICLES = frozenset("은는이가을를과와로에의도만인")


class FigureReader:
    def __init__(self, words: Words) -> None:
        self._words = words
        unit = rf"(?:{one_of(words.units)})(?!{_NO_UNIT})"
        self._unit = re.compile(rf"\s?({unit})", re.I)
        self._after = re.compile(rf"\s?({one_of(words.after)})", re.I)
        self._before = re.compile(rf"({one_of(words.before)})(?:\s(?:the|last|a))*\s?$", re.I)
        self._range = re.compile(
            rf"({AMOUNT})\s?({unit})?\s?(?:~|-|에서|to|through)\s?({AMOUNT})(?:\s?({unit}))?", re.I
        )
        self._between = re.compile(rf"between\s({AMOUNT})\s?({unit})?\sand\s({AMOUNT})\s?({unit})", re.I)
        self._number = re.compile(rf"{AMOUNT}", re.I)
        self._labelled = re.compile(rf"[가-힣]{{2,}}\d+(?![\d,.~-]|\s?(?:{unit}))", re.I)
        self._native = re.compile(rf"(?<![가-힣])({NATIVE_NUMBER})\s?({unit})(?![가-힣]*님)", re.I)
        self._sino = re.compile(rf"(?<![가-힣])({SINO})\s?({unit})", re.I)
        self._spelled = re.compile(rf"(?<![a-z])({LATIN_NUMBER})(?:\s({unit}))?(?![a-z])", re.I)
        self._single = re.compile(rf"(?<![a-z])(?:an?|one)\s({unit})", re.I)
        self._days = re.compile(one_of(words.days), re.I)

    def read(self, text: str) -> list[Figure]:
        """In the order of the text, which is taken as `plain` makes it."""
        left = plain(text)
        found: list[Figure] = []
        for reader in self._readers():
            read = list(reader(left))
            for figure in read:
                left = left[: figure.start] + _GONE * (figure.end - figure.start) + left[figure.end :]
            found += read
        found.sort(key=lambda one: one.start)
        return [self._bounded(one, plain(text)) for one in _in_lists(found, plain(text))]

    def without(self, text: str) -> str:
        """The words of the text, with a space for each figure."""
        left = plain(text)
        for figure in reversed(self.read(text)):
            left = f"{left[: figure.start]} {left[figure.end :]}"
        return left

    def _readers(self) -> Iterator[Callable[[str], Iterator[Figure]]]:
        yield lambda text: _all("mail", _MAIL, text, str.lower)
        yield lambda text: _all("link", _LINK, text, _link)
        yield lambda text: _all("phone", _PHONE, text, _phone)
        for kind, pattern, value in moments.READERS:
            yield lambda text, kind=kind, pattern=pattern, value=value: _matched(kind, pattern, text, value)  # type: ignore[misc]
        yield lambda text: _all("code", _CODE, text, str.lower)
        yield lambda text: _all("label", self._labelled, text, str)
        yield self._ranges
        yield self._numbers
        yield self._number_words
        yield lambda text: _all("day", self._days, text, lambda said: self._words.days[said.lower()])

    def _ranges(self, text: str) -> Iterator[Figure]:
        taken = -1
        for match in sorted([*self._between.finditer(text), *self._range.finditer(text)], key=lambda one: one.start()):
            low, low_unit, high, _ = match.groups()
            unit, end = self._unit_at(text, match.end(3))
            if match.start() < taken or (low_unit and self._unit_named(low_unit) != unit):
                continue
            taken = end
            yield Figure("number", f"{amount(with_scale(low, high))}~{amount(high)}", match.start(), end, unit)

    def _numbers(self, text: str) -> Iterator[Figure]:
        for match in self._number.finditer(text):
            unit, end = self._unit_at(text, match.end())
            yield Figure("number", amount(match.group()), match.start(), end, unit)

    def _number_words(self, text: str) -> Iterator[Figure]:
        for pattern in (self._native, self._sino, self._spelled):
            for match in pattern.finditer(text):
                if match.group() == "한번":  # an adverb: "한번 확인해 보세요"
                    continue
                unit, end = self._unit_at(text, match.end(1))
                yield Figure("number", spelled(match.group(1)), match.start(), end, unit)
        for match in self._single.finditer(text):
            yield Figure("number", "1", match.start(), match.end(), self._unit_named(match.group(1)))
        for match in SPAN.finditer(text):
            value, unit = SPANS[match.group()]
            yield Figure("number", value, match.start(), match.end(), unit)

    def _unit_at(self, text: str, at: int) -> tuple[str, int]:
        """What is counted by the number that ends at `at`: a unit we know, else the letter or word that follows."""
        known = self._unit.match(text, at)
        if known:
            return self._unit_named(known.group(1)), known.end()
        unknown = _NEXT_WORD.match(text, at)
        if unknown is None or unknown.group() in _PARTICLES:
            return "", at
        return unknown.group().strip().lower().removesuffix("s"), at

    def _unit_named(self, said: str | None) -> str:
        return self._words.units.get((said or "").lower(), "")

    def _bounded(self, figure: Figure, text: str) -> Figure:
        if figure.kind == "number" and "~" in figure.value:
            return figure  # both its sides are said
        after = self._after.match(text, figure.end)
        if after:
            return replace(figure, bound=self._words.after[after.group(1).lower()])
        before = self._before.search(text, max(0, figure.start - 30), figure.start)
        return replace(figure, bound=self._words.before[before.group(1).lower()]) if before else figure


def plain(text: str) -> str:
    """One sign for each meaning; as long as the text composed (NFC)."""
    return unicodedata.normalize("NFC", text).translate(_SAME_SIGN)


def _all(kind: str, pattern: re.Pattern[str], text: str, value: Callable[[str], str]) -> Iterator[Figure]:
    for match in pattern.finditer(text):
        said = match.group().rstrip(".,")
        yield Figure(kind, value(said), match.start(), match.start() + len(said))


def _matched(
    kind: str, pattern: re.Pattern[str], text: str, value: Callable[[re.Match[str]], str | None]
) -> Iterator[Figure]:
    for match in pattern.finditer(text):
        canonical = value(match)
        if canonical is not None:
            yield Figure(kind, canonical, match.start(), match.end())


def _in_lists(found: list[Figure], text: str) -> list[Figure]:
    """'10만, 30만, 50만 원': what the last one counts, the ones before it count too."""
    complete: list[Figure] = []
    for figure in reversed(found):
        following = complete[-1] if complete else None
        complete.append(_like(figure, following, text) if following and _goes_on(figure, following, text) else figure)
    return complete[::-1]


def _goes_on(figure: Figure, following: Figure, text: str) -> bool:
    both_numbers = figure.kind == following.kind == "number"
    counts_later = both_numbers and not figure.unit and bool(following.unit)
    return counts_later and _LIST_GOES_ON.fullmatch(text[figure.end : following.start]) is not None


def _like(figure: Figure, following: Figure, text: str) -> Figure:
    written, after = (text[one.start : one.end] for one in (figure, following))
    value = figure.value if "~" in figure.value else amount(with_scale(written, after))
    return replace(figure, unit=following.unit, value=value)


def _link(said: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", said.lower()).rstrip("/.,")


def _phone(said: str) -> str:
    digits = re.sub(r"\D", "", said)
    return f"0{digits[2:]}" if said.startswith("+82") else digits
