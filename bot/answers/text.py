"""From what somebody typed in Slack to what can be compared: clean text, and its letters without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from bot.answers.hangul import is_hangul, is_syllable
from bot.answers.keyboard import as_english, as_korean, share_of_syllables

_HEAD, _TAIL = 800, 400  # characters that are read of a long message: people ask at its start or at its end
_RAW = 10  # markup may make a message this many times longer than its words

_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LABELLED_LINK = re.compile(r"<(?:https?:|mailto:|tel:)[^<>|\s]*\|([^<>]*)>")
_SLACK_MARKUP = re.compile(r"<[@#!][^<>]*>|<(?:https?:|mailto:|tel:)[^<>\s]*>")
_BARE_LINK = re.compile(r"https?://\S+")
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]*[a-z_+][a-z0-9_+'-]*:", re.IGNORECASE)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_KEPT_SIGNS = frozenset(".,!?/-~:'\n")
_SAME_SIGN = str.maketrans("‘’´`。、？！…·：／～－", "'''\u0027.,?!..:/~-")
_REPEAT = re.compile(r"([^\d\s])\1{2,}")
_SPACES = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"(?<=[?!])|\n+|(?<!\d)\.+(?=\s|$)|(?<=\d)\.+(?=\s|$)|(?<=[가-힣])\.+")
_CLAUSE_END = re.compile(
    r"(?:(?<=[는은인던한운]데)|(?<=지만)|(?<=거든)|(?<=니까)|(?<=[했됐났왔냈었았갔렸겼이하]고))(?:요|도)?[,\s]+"
    r"|(?:(?<=[어아여해]요)|(?<=니다))[,\s]+|(?<=으며)[,\s]+|;|,?\s+(?:but|however|although|though)\s+|,\s+(?:and|so)\s+"
)
_WORD = re.compile(r"[^\W_]+")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?|\d+")
_LETTER_RUN = re.compile(r"[a-zA-Z']+")
_HANGUL_RUN = re.compile(r"[ㄱ-ㅣ가-힣]+")
_NOISE = re.compile(r"[ㄱ-ㅣ]+")
_LATIN = re.compile(r"[a-zA-Z]")
_HANGUL = re.compile(r"[가-힣ㄱ-ㅣ]")


class Words(Protocol):
    """What the assistant knows of words; decides whether a message was typed on the wrong layout."""

    @property
    def shorthand(self) -> Mapping[str, str]:
        """Consonant shorthand and what it stands for."""
        ...

    @property
    def english(self) -> Container[str]: ...

    def is_korean(self, text: str) -> bool:
        """Whether a word we know starts `text`."""
        ...


class Letters(Struct, frozen=True):
    """A text ready to be searched: its words without the spaces, and where the spaces stood."""

    packed: str
    starts: frozenset[int]
    """indices in `packed` at which a word starts"""
    ends: frozenset[int]
    """indices in `packed` just behind the last letter of a sentence"""
    words: tuple[str, ...]
    """the Latin words and numbers, lower case"""
    question_mark: bool


def clean(text: str) -> str:
    """Plain lower-case text with its punctuation: no Slack markup, links, emoji or code; at most 1,201 characters."""
    text = _clip(text, _RAW * _HEAD, _RAW * _TAIL)
    text = _CODE_BLOCK.sub(" ", unicodedata.normalize("NFC", text))
    text = _BARE_LINK.sub(" ", _SLACK_MARKUP.sub(" ", _LABELLED_LINK.sub(r" \1 ", text)))
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    text = _EMOJI_CODE.sub(" ", text).translate(_SAME_SIGN)
    text = "".join(map(_plain, text))
    text = _REPEAT.sub(r"\1\1", _SPACES.sub(" ", text)).strip()
    return _clip(text, _HEAD, _TAIL)


def repair(text: str, known: Words) -> str:
    """`text` lower-case, with chat shorthand written out and words of the wrong keyboard layout typed again."""
    if _typed_on_wrong_layout(text, known):
        return as_korean(text)
    text = _LETTER_RUN.sub(lambda run: _repaired_latin(run.group(), known), text).lower()
    return _HANGUL_RUN.sub(lambda run: _repaired_hangul(run.group(), known), text)


def sentences(text: str) -> list[str]:
    """The sentences of clean text, none of them empty."""
    return [one.strip() for one in _SENTENCE_END.split(text) if one and _WORD.search(one)]


def clauses(text: str) -> list[str]:
    """The parts of clean text that each state or ask one thing."""
    return [
        one.strip() for sentence in sentences(text) for one in _CLAUSE_END.split(sentence) if one and _WORD.search(one)
    ]


def read(text: str) -> Letters:
    """Takes clean, repaired text."""
    has_noise = _NOISE.search(text) is not None
    packed: list[str] = []
    starts: set[int] = set()
    ends: set[int] = set()
    at = 0
    for sentence in sentences(text):
        for word in _WORD.findall(sentence):
            letters = (_NOISE.sub("", word) or ("" if packed else word)) if has_noise else word
            if letters:
                starts.add(at)
                packed.append(letters)
                at += len(letters)
        ends.add(at)
    return Letters("".join(packed), frozenset(starts), frozenset(ends), tuple(_LATIN_WORD.findall(text)), "?" in text)


def is_english(text: str) -> bool:
    """Whether most letters of `text` are Latin; Korean counts double, it says more with fewer letters."""
    return len(_LATIN.findall(text)) > 2 * len(_HANGUL.findall(text))


def _clip(text: str, head: int, tail: int) -> str:
    return text if len(text) <= head + tail else f"{text[:head]}\n{text[-tail:]}"


@lru_cache(maxsize=12_000)
def _plain(char: str) -> str:
    if "！" <= char <= "～":  # full-width forms of ASCII
        char = chr(ord(char) - 0xFEE0)
    if char.isalnum() or char in _KEPT_SIGNS:
        return char
    return "" if unicodedata.category(char) in ("Cf", "Mn") else " "


def _typed_on_wrong_layout(text: str, known: Words) -> bool:
    if any(map(is_hangul, text)):
        return False
    words = _LETTER_RUN.findall(text)
    if not words or sum(word.lower() in known.english for word in words) * 2 >= len(words):
        return False
    return share_of_syllables("".join(words)) >= 0.9 and sum(map(len, words)) >= 4


def _repaired_latin(word: str, known: Words) -> str:
    if len(word) < 4 or word.lower() in known.english or share_of_syllables(word) < 1:
        return word
    typed = as_korean(word)
    return typed if known.is_korean(typed) else word


def _repaired_hangul(run: str, known: Words) -> str:
    if run in known.shorthand:
        return known.shorthand[run]
    if all(map(is_syllable, run)):
        return run
    typed = as_english(run).lower()
    return typed if len(typed) > 2 and typed in known.english else run
