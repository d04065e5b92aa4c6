"""What the model sees of a message: its sounds, its concepts and how they meet, its Latin words."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from itertools import combinations, pairwise

from bot.answers.hangul import spoken_letters
from bot.answers.lexicon import Group, Lexicon
from bot.answers.text import Letters

_LENGTHS = (3, 4)  # letters in a run of sounds; longer runs cost memory and change nothing


class Block(StrEnum):
    """A kind of feature; each kind is weighed and scaled on its own."""

    SOUNDS = "s"
    CONCEPTS = "c"
    WORDS = "w"


Features = dict[Block, tuple[str, ...]]
"""The names of what occurs, each once."""


def extract(letters: Letters, concepts: Collection[str], lexicon: Lexicon) -> Features:
    """`concepts` are those found in the text, or given to it by what was said before."""
    return {
        Block.SOUNDS: _sounds(letters.packed),
        Block.CONCEPTS: _concepts(concepts, lexicon),
        Block.WORDS: _words(letters.words),
    }


def _sounds(packed: str) -> tuple[str, ...]:
    text = f"^{spoken_letters(packed)}$"
    runs = [text[start : start + length] for length in _LENGTHS for start in range(len(text) - length + 1)]
    return tuple(dict.fromkeys(runs))


def _concepts(concepts: Collection[str], lexicon: Lexicon) -> tuple[str, ...]:
    """Each concept, and each pair of them: what is asked about, with what is asked of it.

    Beside a word that does not belong here ("KCP") all of it may mean something else, so it counts under that too.
    """
    ordered = sorted(concepts)
    strange = [concept for concept in ordered if lexicon.group(concept) is Group.OUTSIDE]
    ours = [concept for concept in ordered if concept not in strange] if strange else ordered
    moods = {concept for concept in ours if lexicon.group(concept) is Group.MOOD}  # of these no two say more than one
    pairs = [f"{one}+{other}" for one, other in combinations(ours, 2) if one not in moods or other not in moods]
    names = (*ordered, *pairs)
    return (*names, *[f"{one}|{name}" for one in strange for name in names])


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words, *(f"{one} {other}" for one, other in pairwise(words)))))
