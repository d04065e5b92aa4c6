"""The figures that the table shows, from scores or from meanings."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from bot.answers.hangul import compose, decompose, is_syllable

_SOUND_ALIKE = {
    "ㅐ": "ㅔ", "ㅔ": "ㅐ", "ㅚ": "ㅙ", "ㅙ": "ㅚ", "ㅞ": "ㅚ", "ㄲ": "ㄱ", "ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅃ",
    "ㅅ": "ㅆ", "ㅆ": "ㅅ", "ㅈ": "ㅉ", "ㅊ": "ㅈ", "ㅓ": "ㅗ", "ㅗ": "ㅓ",
}  # fmt: skip
"""Letters that people type for each other, by sound."""


def share(found: Iterable[bool]) -> float:
    values = list(found)
    return mean(values) if values else float("nan")


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a question of ours scores above one that lies outside."""
    ours, others = np.array(inside)[:, None], np.array(outside)
    return float((ours > others).mean() + 0.5 * (ours == others).mean())


def percentile(values: Sequence[float], at: float) -> float:
    return float(np.percentile(np.array(values), at))


def place(scores: NDArray[np.float64], right: set[int]) -> int:
    """On which place the first right label stands, from 0."""
    order = np.argsort(-scores, kind="stable")
    return next((at for at, label in enumerate(order) if int(label) in right), len(order))


def without_spaces(text: str) -> str:
    return text.replace(" ", "")


def with_typos(part: float, seed: int) -> Callable[[str], str]:
    """Replaces a letter by one that sounds like it in `part` of the syllables."""
    chance = random.Random(seed)

    def typed(char: str) -> str:
        if not is_syllable(char) or chance.random() >= part:
            return char
        initial, vowel, final = decompose(char)
        changed = (_SOUND_ALIKE.get(initial, initial), _SOUND_ALIKE.get(vowel, vowel))
        return compose(changed[0], vowel, final) if chance.random() < 0.5 else compose(initial, changed[1], final)

    return lambda text: "".join(map(typed, text))
