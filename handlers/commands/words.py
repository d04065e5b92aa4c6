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
    PICTURE = "picture"
    """what may follow 이력"""
    EXPORT = "export"
    UNANSWERED = "unanswered"
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
    "그림": Word.PICTURE,
    "내보내기": Word.EXPORT,
    "미답변": Word.UNANSWERED,
    "도움말": Word.HELP,
}


class NudgeWord(StrEnum):
    """What may follow 알림."""

    OFF = "off"
    ON = "on"
    ME_OFF = "me off"
    ME_ON = "me on"
    SETTINGS = "settings"
    HOLIDAY = "holiday"
    WORKDAY = "workday"
    CLEAR = "clear"
    """forgets a day that was entered"""


_KOREAN_NUDGE_WORDS = {
    "끄기": NudgeWord.OFF,
    "켜기": NudgeWord.ON,
    "나만 끄기": NudgeWord.ME_OFF,
    "나만 켜기": NudgeWord.ME_ON,
    "설정": NudgeWord.SETTINGS,
    "휴일 삭제": NudgeWord.CLEAR,
    "근무일 삭제": NudgeWord.CLEAR,
    "휴일": NudgeWord.HOLIDAY,
    "근무일": NudgeWord.WORKDAY,
}
_NUDGE_WORDS = _KOREAN_NUDGE_WORDS | {word.value: word for word in NudgeWord} | {"holidays": NudgeWord.HOLIDAY}
_NUDGE_WORDS_WITH_A_DAY = frozenset({NudgeWord.HOLIDAY, NudgeWord.WORKDAY, NudgeWord.CLEAR})
_WORDS = _KOREAN | {word.value: word for word in Word}
_TAKES_MORE = frozenset({Word.DONE})
"""Words that something may follow; after any other word, more text makes a question ("서류 뭐 준비해요")."""


def read_words(text: str) -> tuple[Word | None, str]:
    """The word that a command begins with, and what follows it; (None, text) for a question."""
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    first, _, rest = cleaned.partition(" ")
    word = _WORDS.get(first.lower())
    if word is Word.HISTORY and _WORDS.get(rest.lower()) is Word.PICTURE:
        return Word.PICTURE, ""
    takes_more = word in _TAKES_MORE or (word is Word.NUDGES and read_nudge_words(rest) is not None)
    if word is None or (rest and not takes_more):
        return None, cleaned
    return word, rest


def read_nudge_words(text: str) -> tuple[NudgeWord, str] | None:
    """'휴일 12/4 창립기념일' is the word and what follows it; None for what is no word of ours, as in a question."""
    words = text.split()
    for length in (2, 1):
        word = _NUDGE_WORDS.get(" ".join(words[:length]).lower())
        if word is not None and len(words) >= length:
            rest = " ".join(words[length:])
            return (word, rest) if not rest or word in _NUDGE_WORDS_WITH_A_DAY else None
    return None


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
