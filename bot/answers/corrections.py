"""What somebody says to an offer to record something: record it, forget it, or it was another day, another card.

Read only right after such an offer, by the person it was made to. A bare "네" is no confirmation: people say it to
each other all the time. It takes the word for recording beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from bot.answers.dates import find_day


class Said(StrEnum):
    RECORD = "record"
    FORGET = "forget"
    ANOTHER = "another"


class Correction(Struct, frozen=True):
    said: Said
    day: date | None = None
    cards: tuple[str, ...] = ()
    """the card companies that were meant"""
    not_cards: tuple[str, ...] = ()
    """those that were not meant"""


_RECORD = re.compile(
    r"(?:(?:응|네|넵|예|그래|좋아|맞아)(?:요)?\s*)*(?:그렇게|그대로|이대로)?\s*(?:기록|등록|반영|저장)\s*을?\s*(?:부탁)?\s*"
    r"(?:좀\s*)?(?:해|하|드)\s*(?:줘|주세요|주십시오|줘요|주라|주삼|려요|립니다|자)?(?:요)?"
    r"|(?:(?:yes|yep|ok|okay|sure)\s*(?:please)?\s*)?(?:please\s*)?(?:record|save|log)\s*(?:it|that|this)?\s*(?:please)?"
)
_FORGET = re.compile(
    r"취소|되돌|없던\s?일|잘못\s?(?:말|적|눌|기록|보|알|봤)|착각|실수|아직\s?(?:안|못|아니|이에요|입니다|이요)|기록하지"
    r"|\b(?:undo|cancel|never ?mind|not yet|my mistake|scratch that|take (?:it|that) back|don'?t record)\b"
)
_ANOTHER_SUBJECT = re.compile(r"메일|연락|안내|\bmail\b|\bemail\b")
_NOT_BUT = re.compile(
    r"(?P<wrong>.*?)\s*(?:이|가|은|는)?\s*(?:아니라|아니고|아니구|아니었고|말고)(?:요)?[\s,]*(?P<right>.+)"
    r"|(?:.*\b)?not\s+(?P<wrong_en>.+?)\s*(?:,|;|\bbut\b|\bit was\b)\s*(?P<right_en>.+)",
    re.DOTALL,
)
_NO_INSTEAD = re.compile(r"^(?:아+\s*)?(?:아니|아뇨|아니요|앗|정정|no|sorry|i meant)[\s,.]+(?P<right>.+)", re.DOTALL)
_MISTAKEN = re.compile(r".*잘못\s?\S+[\s,.]+(?P<right>.+)", re.DOTALL)
_BARE = re.compile(r"(?:\S+\s+)?\S+?(?:이?요|이에요|예요|였어요|이었어요|입니다)[.!~]*|(?:it was|on)\s+(?:\S+\s?){1,3}")
"""A day or a name and nothing beside it: "그저께요", "지난주 금요일이요"."""
_HAPPENED = re.compile(r"[했됐났왔냈었았갔렸겼]어요|승인|반려|거절|완료")
_SIGNS = re.compile(r"[^\w\s']+")


def read_correction(
    text: str, *, today: date, cards_in: Callable[[str], tuple[str, ...]], is_question: bool
) -> Correction | None:
    """`text` is clean and lower case; `cards_in` finds the card companies that a text names. None: something else."""
    if _RECORD.fullmatch(_SIGNS.sub(" ", text).strip()):
        return Correction(Said.RECORD)
    if another := _another(text, today, cards_in):
        return another
    if _FORGET.search(text) and not is_question and not _ANOTHER_SUBJECT.search(text):
        return Correction(Said.FORGET)
    return None


def _another(text: str, today: date, cards_in: Callable[[str], tuple[str, ...]]) -> Correction | None:
    wrong, right = _sides(text)
    if right is None or (right == text and _HAPPENED.search(text)):
        return None
    day = find_day(right, today)
    cards = cards_in(right)
    if day is None and not cards:
        return None
    return Correction(Said.ANOTHER, day.day if day else None, cards, cards_in(wrong) if cards else ())


def _sides(text: str) -> tuple[str, str | None]:
    """What it was not, and what it was; None where the message contrasts nothing."""
    if match := _NOT_BUT.fullmatch(text):
        wrong = match["wrong"] if match["right"] else match["wrong_en"]
        return wrong or "", match["right"] or match["right_en"]
    if match := _NO_INSTEAD.match(text):
        return "", match["right"]
    if match := _MISTAKEN.match(text):
        return "", match["right"]
    return "", text if _BARE.fullmatch(text) else None
