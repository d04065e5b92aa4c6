"""What a message was understood as."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct, field

Language = Literal["ko", "en"]


class MeaningKind(StrEnum):
    QUESTION = "question"
    """about a fact, or about something nobody publishes"""
    REPORT = "report"
    STATUS = "status"
    """a question about the team's own contract"""
    ACTION = "action"
    SMALL_TALK = "small_talk"
    CHOICE = "choice"
    """an answer to the topics offered before; `topic` is the chosen one, None for none of them"""
    UNKNOWN = "unknown"


class Band(StrEnum):
    """What the confidence allows."""

    ANSWER = "answer"
    CHOOSE = "choose"
    """offer the first candidates as buttons"""
    HAND_OVER = "hand_over"
    """say that we do not know, and who does"""


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"


class Candidate(Struct, frozen=True):
    topic: str
    score: float
    """about 1 where it fits, about 0 where it does not"""


class Report(Struct, frozen=True):
    """A statement that something happened. It is offered as a button and never applied by itself."""

    kind: str
    """id of its topic: report.*"""
    step: str | None = None
    cards: tuple[str, ...] = ()
    """ids of the card companies it names, in the order of the message"""
    decision: Decision | None = None
    day: date | None = None
    """the day it names, which may lie in the future: the caller refuses that"""
    day_text: str = ""


class Meaning(Struct, frozen=True):
    kind: MeaningKind
    topic: str | None
    """the best topic; for an unknown meaning the outside topic it resembles most, or None"""
    candidates: tuple[Candidate, ...]
    """the best topics of ours, at most five"""
    confidence: float
    """0..1: how often a message that scores like this one is answered rightly"""
    band: Band
    is_question: bool
    language: Language
    reports: tuple[Report, ...] = ()
    """what the message states to have happened, beside the question it may hold"""

    @property
    def report(self) -> Report | None:
        return self.reports[0] if self.reports else None


class ThreadContext(Struct, frozen=True):
    """What was said before in the thread; it counts for half an hour after `asked_at` (aware)."""

    last_topic: str | None = None
    shown: tuple[str, ...] = field(default=())
    """the topics offered as buttons, in their order"""
    asked_at: datetime | None = None


class Utterance(Struct, frozen=True):
    """What somebody said, with what it takes to understand it: `now` is aware, days are those of the zone named."""

    text: str
    now: datetime
    zone: str
    context: ThreadContext | None = None
