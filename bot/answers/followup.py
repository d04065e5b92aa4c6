"""Answers to what the assistant offered before: "응", "두 번째", "아니요"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

_TAIL = re.compile(
    r"(?:(?:거|것|꺼|질문)?(?:로)?(?:요|이요|이에요|예요|입니다|알려줘|알려주세요|보여줘|보여주세요|해줘|부탁해요)?|please)$"
)


class Answer(Enum):
    YES = "yes"
    NO = "no"


def answer_to_offer(said: str, offered: int, known: Mapping[str, str]) -> int | Answer | None:
    """Which of the `offered` topics was chosen (from 0), yes, no, or None if this is no answer to an offer.

    `said` is the whole message without spaces, `known` the answers of the lexicon.
    """
    bare = _TAIL.sub("", said)
    meaning = known.get(said) or known.get(bare)
    if meaning is None:
        return None
    if meaning in ("yes", "no"):
        return Answer(meaning)
    place = offered if meaning == "last" else int(meaning)
    return place - 1 if place <= offered else None
