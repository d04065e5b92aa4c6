"""The names of the states that rows can be in, apart from the tables: the rules know them without a database."""

from __future__ import annotations

from enum import StrEnum


class ContractStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    LIVE = "live"
    CLOSED = "closed"


OPEN = (ContractStatus.ACTIVE, ContractStatus.PAUSED)
"""Contracts that are on their way."""


class StepStatus(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"


class CardStatus(StrEnum):
    NOT_REQUESTED = "not_requested"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    NOT_WANTED = "not_wanted"


class NudgeStatus(StrEnum):
    SCHEDULED = "scheduled"
    POSTING = "posting"
    UNKNOWN = "unknown"
    """posted or not: nobody knows until it has been read back"""
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What somebody made of an answer."""

    CHOSEN = "chosen"
    """another topic was meant than the one shown"""
    NONE = "none"
    """none of the topics that were offered"""
    UNANSWERED = "unanswered"
    """nobody pressed anything: we had no answer"""
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


class SuggestionStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class InboxStatus(StrEnum):
    PROCESSING = "processing"
    DONE = "done"
