"""What the assistant says, before it is Slack blocks or a line on a terminal."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.articles.excerpts import Excerpt
from bot.procedure.model import Contact, Source


class Outcome(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    """two or three topics to choose from"""
    HAND_OVER = "hand_over"
    """we do not know; says so, and names who does"""
    REPORT = "report"
    """something happened, or is wished for; offered as a button"""
    STATUS = "status"
    """about the own contract"""


class Choice(Struct, frozen=True):
    topic: str
    title: str


class Does(StrEnum):
    """What an offer does once somebody has confirmed it."""

    RECORD = "record"
    TAKE_BACK = "take_back"
    REMIND = "remind"
    ASSIGN = "assign"


class Offer(Struct, frozen=True):
    """Something that one press does, and nothing without it. `label` is the button's text."""

    label: str
    report: str
    contract_id: int
    step: str | None = None
    cards: tuple[str, ...] = ()
    decision: str | None = None
    day: date | None = None
    does: Does = Does.RECORD
    change: str | None = None
    """the id of the change that is taken back, or in whose place this is recorded"""
    at: datetime | None = None
    """when to remind (aware)"""
    person: str | None = None
    """who is to be in charge"""


class ActKind(StrEnum):
    """What a button under an answer opens."""

    FINISH_STEP = "finish_step"
    REQUEST_REVIEW = "request_review"
    CARD_DECISION = "card_decision"
    CHECKLIST = "checklist"
    LINK = "link"
    OWNER = "owner"


class Act(Struct, frozen=True):
    """A button that acts on an answer: opens the window that does it, or a page."""

    kind: ActKind
    label: str
    contract_id: int | None = None
    step: str | None = None
    url: str | None = None


class Known(Struct, frozen=True):
    """A contact, with the document that names it."""

    contact: Contact
    source: Source | None


class Quoted(Struct, frozen=True):
    """What an imported article says; somebody else's words, marked by the label."""

    label: str
    excerpt: Excerpt


class Reply(Struct, frozen=True):
    outcome: Outcome
    text: str
    language: str
    topic: str | None = None
    own: str = ""
    """what the team's own contract adds to it"""
    more: str = ""
    quoted: Quoted | None = None
    sources: tuple[Source, ...] = ()
    contacts: tuple[Known, ...] = ()
    confidence: float = 0.0
    choices: tuple[Choice, ...] = ()
    offers: tuple[Offer, ...] = ()
    acts: tuple[Act, ...] = ()
    confirmed: Offer | None = None
    """an offer that the person has just confirmed in words: to be carried out"""
    asks_a_person: bool = False
    """whether somebody of ours could be asked instead"""
    quiet: bool = False
    """not worth interrupting people who talk to each other"""
