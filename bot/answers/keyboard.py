"""Text typed while the keyboard was set to the other language, on the two-set Korean layout."""

from __future__ import annotations

from bot.answers.hangul import FINALS, INITIALS, VOWELS, compose, decompose, is_syllable

_KEYS = "qwertyuiopasdfghjklzxcvbnmQWERTOP"
_LETTERS = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"
_LETTER_OF = dict(zip(_KEYS, _LETTERS, strict=True)) | {
    key.upper(): letter for key, letter in zip(_KEYS, _LETTERS, strict=True) if key.upper() not in _KEYS
}
_KEY_OF = {letter: key for key, letter in zip(_KEYS, _LETTERS, strict=True)}
_VOWEL_PAIRS = {"ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ"}
_FINAL_PAIRS = {
    "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ",
    "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip
_PAIR_OF = {pair: parts for parts, pair in (_VOWEL_PAIRS | _FINAL_PAIRS).items()}


def as_korean(text: str) -> str:
    """What the keys of `text` give on the Korean layout: 'tlatk' -> '심사'. Other characters stay."""
    out: list[str] = []
    run: list[str] = []
    for char in text:
        letter = _LETTER_OF.get(char)
        if letter is None:
            out += [_assemble(run), char]
            run = []
        else:
            run.append(letter)
    return "".join([*out, _assemble(run)])


def as_english(text: str) -> str:
    """The keys that were pressed for `text`: 'ㅗ디ㅔ' -> 'help'. Other characters stay."""
    return "".join(map(_keys, text))


def share_of_syllables(text: str) -> float:
    """How much of what was typed forms whole syllables on the Korean layout, 0..1; `text` in Latin letters."""
    typed = sum(char in _LETTER_OF for char in text)
    if not typed:
        return 0.0
    whole = sum(len(_keys(char)) for char in as_korean(text) if is_syllable(char))
    return whole / typed


def _keys(char: str) -> str:
    letters = decompose(char) if is_syllable(char) else (char,)
    return "".join(_KEY_OF.get(single, single) for letter in letters for single in _PAIR_OF.get(letter, letter))


def _assemble(letters: list[str]) -> str:
    """Letters to syllables, as an input method does it: a final moves on when a vowel follows."""
    out: list[str] = []
    at = 0
    while at < len(letters):
        initial = letters[at]
        if initial not in INITIALS or at + 1 >= len(letters) or letters[at + 1] not in VOWELS:
            out.append(initial)
            at += 1
            continue
        vowel, at = _take_vowel(letters, at + 1)
        final, at = _take_final(letters, at)
        out.append(compose(initial, vowel, final))
    return "".join(out)


def _take_vowel(letters: list[str], at: int) -> tuple[str, int]:
    pair = _VOWEL_PAIRS.get("".join(letters[at : at + 2]))
    return (pair, at + 2) if pair else (letters[at], at + 1)


def _take_final(letters: list[str], at: int) -> tuple[str, int]:
    pair = _FINAL_PAIRS.get("".join(letters[at : at + 2]))
    if pair and not _vowel_at(letters, at + 2):
        return pair, at + 2
    if at < len(letters) and letters[at] in FINALS and not _vowel_at(letters, at + 1):
        return letters[at], at + 1
    return "", at


def _vowel_at(letters: list[str], at: int) -> bool:
    return at < len(letters) and letters[at] in VOWELS
