"""What the words around the figures say: which figure belongs to what, what is denied, what is a must."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.answers.rewording.figures import Figure, plain
from bot.answers.rewording.words import Words

_Fact = tuple[str, str, str, str]

_SENTENCE_END = re.compile(r"\n|[.!?](?=\s|$)")
_CLAUSE_END = re.compile(r"[\n,;:]|[.!?](?=\s|$)|(?<=지만)\s|(?<=는데)\s|(?<=으며)\s|\sbut\s|\sand\s")
_TOKEN = re.compile(r"[가-힣]+\d+|[가-힣]{2,}|[A-Za-z]{2,}")


def figures_hold_their_places(
    source: str, given: Sequence[Figure], text: str, said: Sequence[Figure], *, note_at: int
) -> bool:
    """Whether each figure still stands by the words it belongs to, wherever it could be taken for another one.

    From `note_at` on, `source` is what people read below.
    """
    told = _grouped(said)
    return all(
        _by_their_words(source, figures, text, told.get(group, []), note_at)
        for group, figures in _grouped(given).items()
        if len({one.fact for one in figures}) > 1
    )


def denials_hold(source: str, required: str, text: str, words: Words) -> bool:
    """Whether `text` denies what `required` denies, and nothing that `source` does not."""
    given, needed, said = (_denials(one, words) for one in (source, required, text))
    if not len(needed) <= len(said) <= len(given):
        return False
    return all(_any_shared(one, given) for one in said) and all(_any_shared(one, said) for one in needed)


def weights_in(text: str, words: Words) -> set[str]:
    """Which of the words stand in `text` that turn a statement around: must, only, free, approved."""
    said = plain(text)
    return {name for name, pattern in words.weights.items() if pattern.search(said)}


def _by_their_words(source: str, given: Sequence[Figure], text: str, said: Sequence[Figure], note_at: int) -> bool:
    own = _own_labels(source, given)
    for figure, around in zip(said, _surroundings(text, said), strict=True):
        mine = own.get(figure.fact, set())
        if mine and not mine & around:
            return False
        if any(other & around for fact, other in own.items() if fact != figure.fact):
            return False
    return all(own.values()) or _in_their_order(given, said, note_at)


def _in_their_order(given: Sequence[Figure], said: Sequence[Figure], note_at: int) -> bool:
    """Whether figures that no words of their own tell apart come in the order in which they were given."""
    above = [one.fact for one in given if one.start < note_at]
    below = [one.fact for one in given if one.start >= note_at]
    facts = [one.fact for one in said]
    return _is_in_order([one for one in facts if one in above], above) and _is_in_order(
        [one for one in facts if one not in above], below
    )


def _own_labels(text: str, figures: Sequence[Figure]) -> dict[_Fact, set[str]]:
    """For each figure the stems that only it stands by; none for one that once stands by nothing of its own."""
    labels: dict[_Fact, list[set[str]]] = defaultdict(list)
    for figure, around in zip(figures, _surroundings(text, figures), strict=True):
        labels[figure.fact].append(around)
    own = {}
    for fact, places in labels.items():
        others: set[str] = set().union(*(place for other, them in labels.items() if other != fact for place in them))
        own[fact] = set().union(*places) - others if all(place - others for place in places) else set()
    return own


def _surroundings(text: str, figures: Sequence[Figure]) -> list[set[str]]:
    """For each figure the stems that stand before it, back to the figure before or to the start of its sentence."""
    plain_text, last, found = plain(text), 0, []
    for figure in figures:
        starts = [match.end() for match in _SENTENCE_END.finditer(plain_text, 0, figure.start)]
        found.append(_stems(plain_text[max(last, *starts, 0) if starts else last : figure.start]))
        last = figure.end
    return found


def _grouped(figures: Iterable[Figure]) -> dict[tuple[str, str], list[Figure]]:
    groups: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.kind != "label":  # '중소1' is itself a word that a figure stands by
            groups[figure.kind, figure.unit].append(figure)
    return groups


def _is_in_order(said: Sequence[object], given: Sequence[object]) -> bool:
    """Whether `said` is `given` with parts left out."""
    rest = iter(given)
    return all(any(one == other for other in rest) for one in said)


def _denials(text: str, words: Words) -> list[set[str]]:
    """The stems of each clause that denies something, once for each denial."""
    found = []
    for clause in _CLAUSE_END.split(plain(text)):
        telling = " ".join(
            token for token in clause.split() if token not in words.common and not words.negation.search(token)
        )
        found += [_stems(telling)] * len(words.negation.findall(clause))
    return found


def _any_shared(stems: set[str], others: Iterable[set[str]]) -> bool:
    return any(stems & other or stems == other for other in others)


def _stems(text: str) -> set[str]:
    return {
        token if token[-1].isdigit() else token[:2] if token[0] >= "가" else token[:5].lower()
        for token in _TOKEN.findall(text)
    }
