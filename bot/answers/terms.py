"""Where the terms of the lexicon occur in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.answers.text import Letters


class Entry(NamedTuple):
    """A term and where it may stand. `in_word`: it may not hold a space; `begins_word`: only from a word's start."""

    concept: str
    term: str
    at_start: bool
    at_end: bool
    at_word_end: bool
    in_word: bool
    begins_word: bool
    excludes: bool

    def fits(self, letters: Letters, start: int, end: int) -> bool:
        if self.at_start and start not in letters.starts:
            return False
        if self.at_end and end not in letters.ends:
            return False
        if self.at_word_end and end not in letters.starts and end != len(letters.packed):
            return False
        if self.in_word or (self.begins_word and start not in letters.starts):
            return not any(cut in letters.starts for cut in range(start + 1, end))
        return True


class KoreanTable:
    """Terms by their folded letters. Where no term begins with the next two letters, that is all that is looked up."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._lengths: dict[str, dict[str, list[int]]] = {}
        """of the terms of two or more letters, by their first letter and their second"""

    def add(self, folded: str, entry: Entry) -> None:
        self._entries.setdefault(folded, []).append(entry)
        lengths = self._lengths.setdefault(folded[:1], {}).setdefault(folded[1:2], [])
        if len(folded) > 1 and len(folded) not in lengths:
            lengths.append(len(folded))

    def search(self, folded: str, letters: Letters) -> list[tuple[Entry, int, int]]:
        return [
            (entry, start, end)
            for start, end, entries in self._candidates(folded)
            for entry in entries
            if entry.fits(letters, start, end)
        ]

    def _candidates(self, folded: str) -> Iterator[tuple[int, int, list[Entry]]]:
        """The terms that these letters spell, and where."""
        entries, lengths = self._entries, self._lengths
        for start, letter in enumerate(folded):
            by_second = lengths.get(letter)
            if by_second is None:
                continue
            if letter in entries:
                yield start, start + 1, entries[letter]
            for length in by_second.get(folded[start + 1 : start + 2], ()):
                term = folded[start : start + length]
                if term in entries and len(term) == length:
                    yield start, start + length, entries[term]

    def starts_with_term(self, folded: str) -> bool:
        """One of two or more letters."""
        return any(
            folded[:length] in self._entries for length in self._lengths.get(folded[:1], {}).get(folded[1:2], ())
        )


class EnglishTable:
    """Terms by their first word, written out or as the start of a word (`word*`)."""

    def __init__(self) -> None:
        self._terms: dict[str, list[tuple[str, tuple[str, ...], bool]]] = {}
        self._longest_stem = 0

    def add(self, concept: str, term: str, *, excludes: bool) -> None:
        words = tuple(term.split())
        self._terms.setdefault(words[0], []).append((concept, words, excludes))
        if words[0].endswith("*"):
            self._longest_stem = max(self._longest_stem, len(words[0]) - 1)

    def search(self, words: Sequence[str]) -> Iterable[tuple[str, str, int, int, bool]]:
        for start, word in enumerate(words):
            stems = [f"{word[:cut]}*" for cut in range(1, min(len(word), self._longest_stem) + 1)]
            for key in (word, *stems):
                for concept, term, excludes in self._terms.get(key, ()):
                    end = start + len(term)
                    if end <= len(words) and all(map(_same_word, term[1:], words[start + 1 : end])):
                        yield concept, " ".join(term), start, end, excludes

    def whole_words(self) -> frozenset[str]:
        return frozenset(
            word for terms in self._terms.values() for _, term, _ in terms for word in term if not word.endswith("*")
        )


def _same_word(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
