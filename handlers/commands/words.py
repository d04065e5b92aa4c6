"""The words after `/계약` and `/contract`, in both languages. Whatever is no word is a question."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from bot.answers.dates import parse_day
from bot.procedure.model import Procedure, Step


class Word(StrEnum):
    START = "start"
    STATUS = "status"
    DONE = "done"
    UNDO = "undo"
    PAPERS = "papers"
    REVIEW = "review"
    NUDGES = "nudges"
    LIST = "list"
    HISTORY = "history"
    EXPORT = "export"
    HELP = "help"


_KOREAN = {
    "시작": Word.START,
    "현황": Word.STATUS,
    "완료": Word.DONE,
    "취소": Word.UNDO,
    "서류": Word.PAPERS,
    "심사": Word.REVIEW,
    "알림": Word.NUDGES,
    "목록": Word.LIST,
    "이력": Word.HISTORY,
    "내보내기": Word.EXPORT,
    "도움말": Word.HELP,
}
_WORDS = _KOREAN | {word.value: word for word in Word}
_TAKES_MORE = frozenset({Word.DONE})
"""Words that something may follow; after any other word, more text makes a question ("서류 뭐 준비해요")."""


def read_words(text: str) -> tuple[Word | None, str]:
    """The word that a command begins with, and what follows it; (None, text) for a question."""
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    first, _, rest = cleaned.partition(" ")
    word = _WORDS.get(first.lower())
    if word is None or (rest and word not in _TAKES_MORE):
        return None, cleaned
    return word, rest


def read_step_and_day(text: str, procedure: Procedure, today: date) -> tuple[Step | None, date | None, str]:
    """'메일 어제' is a step and a day, in any order; last comes what is neither, empty when all was understood."""
    words = text.split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            step = _step_named(" ".join(words[start : start + length]), procedure.steps)
            if step is not None:
                rest = " ".join(words[:start] + words[start + length :])
                day = parse_day(rest, today) if rest else None
                return step, day, "" if day or not rest else rest
    day = parse_day(text, today) if text else None
    return None, day, "" if day or not text else text


def _step_named(text: str, steps: Iterable[Step]) -> Step | None:
    wanted = text.replace(" ", "").lower()
    for step in steps:
        names = (step.id, *step.words, step.title.ko, step.title.en, step.short_title.ko, step.short_title.en)
        if wanted in {name.replace(" ", "").lower() for name in names}:
            return step
    return None
