"""A reminder that somebody asks for: which one a wish moves, and when it comes."""

from __future__ import annotations

from datetime import datetime

from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.calendar import BusinessCalendar


def wanted_reminder(state: ContractState) -> rules.Owed | None:
    """The reminder that a wish moves: one that asks again, of the step that is waited for; None when none is owed."""
    if state.nudges_muted:
        return None
    return min(rules.owed(state), key=lambda reason: rules.wait_after(reason.rule, 1) is None, default=None)


def when_it_comes(wished: datetime | None, *, calendar: BusinessCalendar, now: datetime) -> datetime:
    """The moment in business hours at or after the wish; without one, the next business morning."""
    return calendar.next_open(wished) if wished else calendar.next_morning(now)
