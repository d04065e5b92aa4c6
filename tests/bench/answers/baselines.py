"""What one would try first: search engines and text classifiers, each fitted to the same phrasings as our model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import bm25s
import numpy as np
from kiwipiepy import Kiwi
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

Scores = NDArray[np.float64]
_CONTENT = ("N", "V", "M", "SL", "SN", "XR")
"""Kiwi's tags for what carries meaning: nouns, verbs, modifiers, Latin words, numbers, roots"""


class Ranker(Protocol):
    """Scores every label for a question, higher where it fits better."""

    def __call__(self, question: str) -> Scores: ...


def whitespace_bm25(lines: Sequence[str], labels: Sequence[int], width: int) -> Ranker:
    return _bm25_by_topic(lines, labels, width, str.split)


def kiwi_bm25(lines: Sequence[str], labels: Sequence[int], width: int) -> Ranker:
    kiwi = Kiwi(num_workers=1, load_multi_dict=False, load_default_dict=False)

    def morphemes(text: str) -> list[str]:
        return [token.form for token in kiwi.tokenize(text) if token.tag.startswith(_CONTENT)]

    return _bm25_by_topic(lines, labels, width, morphemes)


def characters_linear(lines: Sequence[str], labels: Sequence[int], width: int) -> Ranker:
    """TF-IDF of runs of one to four characters, and a linear support vector machine."""
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
    machine = LinearSVC(C=1.0, dual=True).fit(vectors.fit_transform(lines), labels)

    def rank(question: str) -> Scores:
        scores = np.full(width, -np.inf)
        scores[machine.classes_] = machine.decision_function(vectors.transform([question]))[0]
        return scores

    return rank


def _bm25_by_topic(
    lines: Sequence[str], labels: Sequence[int], width: int, words: Callable[[str], list[str]]
) -> Ranker:
    """One document a topic: all its phrasings."""
    documents: list[list[str]] = [[] for _ in range(width)]
    for line, label in zip(lines, labels, strict=True):
        documents[label] += words(line)
    index = bm25s.BM25()
    index.index(documents, show_progress=False)

    def rank(question: str) -> Scores:
        said = [word for word in words(question) if word in index.vocab_dict]
        return np.asarray(index.get_scores(said), dtype=np.float64) if said else np.zeros(width)

    return rank
