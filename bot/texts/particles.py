"""Korean particles that follow the sound of the word before them: '모모상점을', '우리카드를'."""

from __future__ import annotations

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28
_FINAL_RIEUL = 8
_PARTICLES = {
    "을": ("을", "를"),
    "이": ("이", "가"),
    "은": ("은", "는"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이라": ("이라", "라"),
}
_FINAL_OF_DIGIT = {"0": 21, "1": _FINAL_RIEUL, "3": 16, "6": 1, "7": _FINAL_RIEUL, "8": _FINAL_RIEUL}


class Word(str):
    """A text that takes its particle in a format string: `'{name:을}'.format(name=Word('가게'))` is '가게를'."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        pair = _PARTICLES.get(spec)
        if pair is None:
            return super().__format__(spec)
        return f"{self}{_particle(self, *pair)}"


class Count(int):
    """A number that takes its noun in a format string: `'{days:day|days}'.format(days=Count(1))` is '1 day'."""

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return super().__format__(spec)
        one, many = spec.split("|", 1)
        return f"{int(self)} {one if self == 1 else many}"


def _particle(word: str, after_consonant: str, after_vowel: str) -> str:
    final = _final_sound(word)
    if final is None:
        return f"{after_consonant}({after_vowel})"
    if final == 0 or (after_consonant == "으로" and final == _FINAL_RIEUL):
        return after_vowel
    return after_consonant


def _final_sound(word: str) -> int | None:
    """The number of the last syllable's final consonant, 0 for none; None where the sound cannot be known."""
    last = word.rstrip(" )]}'\"’”")[-1:]
    if last and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        return (ord(last) - _FIRST_SYLLABLE) % _FINALS
    return _FINAL_OF_DIGIT.get(last, 0) if last.isdigit() else None
