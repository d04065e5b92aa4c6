"""Hangul as letters: taking syllables apart, and folding together what sounds alike.

Syllables are arranged in Unicode as `0xAC00 + (initial * 21 + vowel) * 28 + final`
(Unicode Standard, section 3.12), so all of this is arithmetic.
"""

from __future__ import annotations

import re
from functools import lru_cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

_FIRST, _LAST = 0xAC00, 0xD7A3
_SAME_INITIAL = str.maketrans("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ")
_SAME_VOWEL = str.maketrans("ㅐㅒㅖㅙㅞ", "ㅔㅔㅔㅚㅚ")
_SAME_FINAL = str.maketrans("ㄲㅋㄳㄵㄶㅆㅈㅊㅌㅎㅍㅄㄺㄻㄼㄽㄾㄿㅀ", "ㄱㄱㄱㄴㄴㅅㅅㅅㅅㅅㅂㅂㄱㅁㄹㄹㄹㅂㄹ")
_SPOKEN_FINAL = {
    "ㄲ": "ㄱ", "ㅆ": "ㅅ", "ㅈ": "ㅅ", "ㅊ": "ㅅ", "ㅌ": "ㅅ", "ㅋ": "ㄱ", "ㅍ": "ㅂ", "ㅎ": "",
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅂ", "ㅀ": "ㄹ", "ㅄ": "ㅂㅅ",
}  # fmt: skip

_PAST = re.compile(f"(?![있겠])[{''.join(map(chr, range(_FIRST + FINALS.index('ㅆ'), _LAST + 1, len(FINALS))))}]")


def is_syllable(char: str) -> bool:
    return _FIRST <= ord(char) <= _LAST


def is_hangul(char: str) -> bool:
    """A syllable or a letter that stands alone."""
    return is_syllable(char) or "ㄱ" <= char <= "ㅣ"


def decompose(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final of one syllable; the final may be empty."""
    rest, final = divmod(ord(syllable) - _FIRST, 28)
    initial, vowel = divmod(rest, 21)
    return INITIALS[initial], VOWELS[vowel], FINALS[final].strip()


def compose(initial: str, vowel: str, final: str = "") -> str:
    """Raises ValueError for letters that cannot stand in that place."""
    last = FINALS.index(final) if final else 0
    return chr(_FIRST + (INITIALS.index(initial) * 21 + VOWELS.index(vowel)) * 28 + last)


def spoken_letters(text: str) -> str:
    """The letters of `text` as they sound: lax for tense, one sign for vowels nobody tells apart.

    The silent initial ㅇ is left out, so that 받았어 and 바다써 give the same letters.
    """
    return "".join(map(_spoken_letters, text))


def same_sound(text: str) -> str:
    """`text` with each syllable replaced by one that sounds like it; the length stays."""
    return "".join(map(_same_sound, text))


def same_spelling(text: str) -> str:
    """`text` with only the two commonest confusions folded: ㅐ/ㅔ, and ㅆ/ㅅ at a syllable's end."""
    return "".join(map(_same_spelling, text))


def in_past_tense(text: str) -> bool:
    """Whether a verb of `text` ends in ㅆ, which marks the past in all of them but 있다 and the guess 겠."""
    return _PAST.search(text) is not None


@lru_cache(maxsize=12_000)
def _spoken_letters(char: str) -> str:
    if not is_syllable(char):
        return char
    initial, vowel, final = decompose(char)
    initial = "" if initial == "ㅇ" else initial.translate(_SAME_INITIAL)
    return initial + vowel.translate(_SAME_VOWEL) + _SPOKEN_FINAL.get(final, final)


@lru_cache(maxsize=12_000)
def _same_sound(char: str) -> str:
    if not is_syllable(char):
        return char
    initial, vowel, final = decompose(char)
    return compose(initial.translate(_SAME_INITIAL), vowel.translate(_SAME_VOWEL), final.translate(_SAME_FINAL))


@lru_cache(maxsize=12_000)
def _same_spelling(char: str) -> str:
    if not is_syllable(char):
        return char
    initial, vowel, final = decompose(char)
    return compose(initial, "ㅔ" if vowel == "ㅐ" else vowel, "ㅅ" if final == "ㅆ" else final)
