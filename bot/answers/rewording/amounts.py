"""Numbers as people write them: '200,000', '20만', '1억 5,000만', '50 million', '다섯', '삼십', 'seven'."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_KOREAN_SCALE = {
    "천만": 10**7, "백만": 10**6, "십만": 10**5, "천억": 10**11, "백억": 10**10, "십억": 10**9,
    "만": 10**4, "억": 10**8, "조": 10**12, "천": 10**3, "백": 10**2,
}  # fmt: skip
_ENGLISH_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_KOREAN = "|".join(_KOREAN_SCALE)
_ENGLISH = "|".join(_ENGLISH_SCALE)

AMOUNT = rf"{_DIGITS}(?:\s?(?:{_KOREAN})(?:\s?{_DIGITS}\s?(?:{_KOREAN}))*|\s(?:{_ENGLISH})(?![a-z]))?"
"""A pattern without groups of its own."""
_PART = re.compile(rf"({_DIGITS})\s?({_KOREAN}|{_ENGLISH})?", re.I)
_SCALE = re.compile(rf"\s?(?:{_KOREAN}|{_ENGLISH})$", re.I)

_NATIVE: dict[str, int | Decimal] = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "아홉": 9, "열": 10, "스무": 20, "스물": 20,
}  # fmt: skip
SPANS = {
    "하루": ("1", "day"), "이틀": ("2", "day"), "사흘": ("3", "day"), "나흘": ("4", "day"), "닷새": ("5", "day"),
    "엿새": ("6", "day"), "이레": ("7", "day"), "여드레": ("8", "day"), "아흐레": ("9", "day"), "열흘": ("10", "day"),
    "보름": ("15", "day"), "일주일": ("1", "week"),
}  # fmt: skip
"""Words that say how many and what at once."""
_LATIN: dict[str, int | Decimal] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100, "thousand": 1000, "million": 10**6, "twice": 2, "couple": 2, "dozen": 12, "half": Decimal("0.5"),
    "second": 2, "third": 3, "fourth": 4, "fifth": 5,
}  # fmt: skip
_SINO_DIGITS = {char: value for value, char in enumerate("일이삼사오육칠팔구", start=1)}
_SINO_SCALE = {"십": 10, "백": 100, "천": 1000}

NATIVE_NUMBER = "|".join(sorted(_NATIVE, key=len, reverse=True))
SPAN = re.compile(rf"(?<![가-힣])(?:{'|'.join(SPANS)})")
LATIN_NUMBER = "|".join(sorted(_LATIN, key=len, reverse=True))
SINO = r"[일이삼사오육칠팔구]?[십백천만억][일이삼사오육칠팔구십백천만억]*|[삼사오육칠팔구]"


def amount(written: str) -> str:
    """'3.20' is '3.2', '1억 5,000만' is '150000000'."""
    total = Decimal(0)
    for digits, scale in _PART.findall(written):
        factor = _KOREAN_SCALE.get(scale) or _ENGLISH_SCALE.get(scale.lower()) or 1
        total += Decimal(digits.replace(",", "")) * factor
    return _canonical(total)


def with_scale(written: str, following: str) -> str:
    """'3' before '5억' means '3억'; a number with a scale of its own keeps it."""
    if _SCALE.search(written):
        return written
    scale = re.search(rf"{_DIGITS}(\s?(?:{_KOREAN}|{_ENGLISH}))(?![a-z])", following, re.I)
    return f"{written}{scale.group(1)}" if scale else written


def spelled(said: str) -> str:
    """A number in words."""
    word = said.lower()
    for table in (_NATIVE, _LATIN):
        if word in table:
            return _canonical(Decimal(table[word]))
    return _canonical(Decimal(_sino(word)))


def _sino(word: str) -> int:
    total = part = digit = 0
    for char in word:
        if char in _SINO_DIGITS:
            digit = _SINO_DIGITS[char]
        elif char in _SINO_SCALE:
            part += (digit or 1) * _SINO_SCALE[char]
            digit = 0
        else:
            total += ((part + digit) or 1) * _KOREAN_SCALE[char]
            part = digit = 0
    return total + part + digit


def _canonical(number: Decimal) -> str:
    return f"{number.normalize():f}"
