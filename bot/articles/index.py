"""BM25 over sections, in arrays: built in one go, never changed, asked without a loop over sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bot.articles.grams import Asked, Keys, keys_of

_K1, _B = 1.2, 0.6
_NAMED = 2
"""How much more a word in the headings counts than one in the text."""
_LOOKED_AT = 10
_NAME = 3  # keys: of three letters and more
_SELDOM = 0.25  # of the weight of the rarest
_MOST_OF_IT = 0.6


class Hit(Struct, frozen=True):
    section: int
    """its place among the texts that the index was built from"""
    evidence: float
    """BM25 in units of the rarest word, times `coverage`: about as many rare words of the question as it is about.
    Does not depend on how many sections there are."""
    coverage: float
    """0..1: the share of what was asked, rare words counting more, that the section has"""


class _Postings(Struct, frozen=True):
    """For each key the sections that have it: `sections[starts[i]:starts[i + 1]]`, each once."""

    keys: Keys
    starts: NDArray[np.int64]
    sections: NDArray[np.int32]

    @classmethod
    def of(cls, parts: Sequence[Keys], counts: Sequence[NDArray[np.float32]]) -> tuple[_Postings, NDArray[np.float32]]:
        """From the keys of each section, and how often they stand there: returned in the order of the postings."""
        sections = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
        keys = np.concatenate(parts)
        order = np.argsort(keys, kind="stable")
        unique, starts = np.unique(keys[order], return_index=True)
        ends = np.append(starts, len(keys)).astype(np.int64)
        return cls(unique, ends, sections[order]), np.concatenate(counts)[order]


class SectionIndex:
    def __init__(self, postings: _Postings, weights: NDArray[np.float32], idf: NDArray[np.float32], count: int) -> None:
        self._keys = postings.keys
        self._starts = postings.starts
        self._sections = postings.sections
        self._weights = weights
        self._idf = idf
        self._count = count
        self._rarest = float(np.log1p((count - 0.5) / 1.5)) if count else 1.0
        """the weight of what one section has, or none"""

    @classmethod
    def build(cls, sections: Iterable[tuple[str, str]]) -> SectionIndex:
        """From each section's text and what names it (title, headings, keywords)."""
        parts: list[Keys] = []
        counts: list[NDArray[np.float32]] = []
        lengths: list[int] = []
        for text, names in sections:
            said, named = keys_of(text), keys_of(names)
            keys, count = np.unique(np.concatenate([said, *[named] * _NAMED]), return_counts=True)
            parts.append(keys)
            counts.append(count.astype(np.float32))
            lengths.append(len(said) + len(named))
        if not parts:
            parts, counts = [np.zeros(0, np.uint64)], [np.zeros(0, np.float32)]
        postings, times = _Postings.of(parts, counts)
        return cls._weighed(postings, times, np.array(lengths, np.float32))

    @classmethod
    def _weighed(cls, found: _Postings, times: NDArray[np.float32], length: NDArray[np.float32]) -> SectionIndex:
        count = len(length)
        frequency = np.diff(found.starts)
        idf = np.log1p((count - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        usual = max(float(length.mean()), 1.0) if count else 1.0
        damp = _K1 * (1 - _B + _B * length[found.sections] / usual)
        weights = np.repeat(idf, frequency) * times * (_K1 + 1) / (times + damp)
        return cls(found, weights.astype(np.float32), idf, count)

    def search(self, asked: Asked, *, evidence_from: float = 0.0, coverage_from: float = 0.0) -> Hit | None:
        """The best section with that much evidence and coverage, if there is one that is about the question."""
        if not len(self._keys) or not len(asked.keys):
            return None
        scores = np.zeros(self._count, np.float32)
        covered = np.zeros(self._count, np.float32)
        known = self._places(asked.keys)
        for place in known:
            postings = slice(self._starts[place], self._starts[place + 1])
            sections = self._sections[postings]  # each at most once
            scores[sections] += self._weights[postings]
            covered[sections] += self._idf[place]
        coverage = covered / (float(self._idf[known].sum()) + self._rarest * (len(asked.keys) - len(known)))
        evidence = coverage * scores / self._rarest
        for at in _largest(evidence, min(_LOOKED_AT, self._count)):
            enough = evidence[at] > 0 and evidence[at] >= evidence_from and coverage[at] >= coverage_from
            if enough and self._is_about(asked.words, int(at)):
                return Hit(int(at), float(evidence[at]), float(coverage[at]))
        return None

    def _is_about(self, words: Sequence[Keys], section: int) -> bool:
        """Whether a section has most of the words, however long the others are, and every name among them.

        What is said of one company must not answer for another, nor another matter of the same company.
        """
        has = [self._has(word, section) for word in words]
        return 2 * sum(has) > len(has) and all(
            there or not self._is_name(word) for word, there in zip(words, has, strict=True)
        )

    def _is_name(self, word: Keys) -> bool:
        """Whether the articles know a longer Korean word whole, and use it seldom."""
        places = self._places(word)
        known_whole = len(places) == len(word) >= _NAME
        return known_whole and float(self._idf[places].mean()) >= _SELDOM * self._rarest

    def _has(self, word: Keys, section: int) -> bool:
        """Whether most of a word stands in a section."""
        places = self._places(word)
        there = sum(float(self._idf[place]) for place in places if self._stands_in(place, section))
        whole = float(self._idf[places].sum()) + self._rarest * (len(word) - len(places))
        return there >= _MOST_OF_IT * whole

    def _stands_in(self, place: np.intp, section: int) -> bool:
        sections = self._sections[self._starts[place] : self._starts[place + 1]]
        at = int(np.searchsorted(sections, section))
        return at < len(sections) and int(sections[at]) == section

    def rarity(self, asked: Keys) -> Mapping[int, float]:
        """How much each of those keys says that the index has."""
        if not len(self._keys):
            return {}
        return {int(self._keys[place]): float(self._idf[place]) for place in self._places(asked)}

    def _places(self, asked: Keys) -> NDArray[np.intp]:
        """Where in the index those keys stand that it has."""
        places = np.searchsorted(self._keys, asked).clip(max=len(self._keys) - 1)
        known: NDArray[np.intp] = places[self._keys[places] == asked]
        return known


def _largest(values: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    some = np.argpartition(-values, most - 1)[:most]
    return some[np.argsort(-values[some], kind="stable")]
