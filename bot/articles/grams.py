"""What a text is compared by: its Korean two and three letters at a time, without the spaces, and its other words.

Every gram and word is one number, so that a whole section is read by array operations.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

# Spaces do not count: people write them as they please. A comma or a line's end does separate.
_HANGUL = re.compile(r"[가-힣]+(?: [가-힣]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*|\d+")
_SAYING_NOTHING = frozenset({
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "could", "did", "do", "does",
    "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "need",
    "not", "of", "on", "or", "our", "please", "should", "so", "than", "that", "the", "their", "them", "then", "there",
    "they", "this", "to", "us", "was", "we", "what", "when", "where", "which", "who", "why", "will", "with", "would",
    "you", "your",
})  # fmt: skip
# What a question is asked with. Where the same words stand in an article they say no more about it.
_ASKING = re.compile(
    r"안녕하(?:세요|십니까)|감사(?:합니다|해요|드려요|드립니다)|고맙습니다|고마워요?|"
    r"어떻게|어떡해|어떤|어디서|어디에|어디|언제|무엇|무슨|뭔가|뭐|왜|얼마나|혹시|그럼|근데|제가|저희|우리|좀|"
    r"알려\s?주?(?:세요|실|줘요?)?|가르쳐\s?(?:주세요|줘요?)|궁금(?:해요?|합니다|한데요?)?|"
    r"(?:하|되|있|없|가능한|인|한|된|나|싶은|오|보|받|쓰|야\s?하|야\s?되)?(?:나요|가요|까요|는지요?|는데요?|은데요?)|"
    r"(?:하|되)(?:면|려면)|할\s?수\s?있(?:어요?|을까요?|나요|는)|있(?:어요?|습니까)|해야\s?(?:해요?|하나요|돼요?)|"
    r"(?:이|가)?\s?뭐(?:예|에)요|싶(?:어요?|습니다)|주세요|(?:되|돼)요?|해요?|예요|이에요|인데요?|습니까"
)
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:은|는|이|가|을|를|에서|에|으로|로|도|의|와|과|이랑|랑|만|하고|하는|하려고?|해서|하기|할|한|되는|된|인)(?![가-힣])"
)
_WORD_BIT = np.uint64(1 << 62)
_SHIFT_ONE, _SHIFT_TWO = np.uint64(16), np.uint64(32)


def keys_of(text: str) -> Keys:
    """The numbers of all grams and words of `text`, as often as they stand in it."""
    text = unicodedata.normalize("NFC", text).lower()
    runs = "\0".join(run.replace(" ", "") for run in _HANGUL.findall(text))
    letters = np.frombuffer(runs.encode("utf-16-le"), np.uint16).astype(np.uint64)
    words = [crc32(word.encode()) for word in map(_stem, _WORD.findall(text)) if word not in _SAYING_NOTHING]
    return np.concatenate([_pairs(letters), _triples(letters), np.array(words, np.uint64) | _WORD_BIT])


class Asked(Struct, frozen=True):
    """A question, without what only makes it one."""

    keys: Keys
    """all of them, each once"""
    words: tuple[Keys, ...]
    """those of each of its words"""


def read_question(text: str) -> Asked:
    said = _PARTICLE.sub("", _ASKING.sub("\n", unicodedata.normalize("NFC", text)))
    words = map(_each_once, sorted(set(said.split())))
    return Asked(_each_once(said), tuple(keys for keys in words if len(keys)))


def _each_once(text: str) -> Keys:
    # Not np.unique, whose first call imports for a tenth of a second.
    return np.array(sorted(set(keys_of(text).tolist())), np.uint64)


def _pairs(letters: Keys) -> Keys:
    first, second = letters[:-1], letters[1:]
    return ((first << _SHIFT_ONE) | second)[(first > 0) & (second > 0)]


def _triples(letters: Keys) -> Keys:
    first, second, third = letters[:-2], letters[1:-1], letters[2:]
    whole = (first > 0) & (second > 0) & (third > 0)
    return ((first << _SHIFT_TWO) | (second << _SHIFT_ONE) | third)[whole]


def _stem(word: str) -> str:
    """One form for the singular and the plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
