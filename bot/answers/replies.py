"""What the assistant says, before it is Slack blocks or a line on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.procedure.model import Contact, Source


class Outcome(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    """two or three topics to choose from"""
    HAND_OVER = "hand_over"
    """we do not know; says so, and names who does"""
    REPORT = "report"
    """something happened; offered as a button"""
    STATUS = "status"
    """about the own contract"""


@dataclass(frozen=True)
class Choice:
    topic: str
    title: str


@dataclass(frozen=True)
class Offer:
    """A report, ready to be recorded by one press. `label` is the button's text."""

    label: str
    report: str
    contract_id: int
    step: str | None = None
    cards: tuple[str, ...] = ()
    decision: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Reply:
    outcome: Outcome
    text: str
    language: str
    topic: str | None = None
    more: str = ""
    sources: tuple[Source, ...] = ()
    contacts: tuple[Contact, ...] = ()
    confidence: float = 0.0
    choices: tuple[Choice, ...] = ()
    offers: tuple[Offer, ...] = ()
