"""Looking back on a contract whose merchant takes live payments: how long each step took, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from bot.contracts.outlook import Outlook
from bot.contracts.timeline import timeline
from bot.procedure.model import Duration, Step
from storage.tables import History


class StepTaken(Struct, frozen=True):
    step: Step
    business_days: int
    usual: Duration | None
    """what is published; None where nobody publishes a time"""
    late: int
    """business days beyond that"""


class Share(Struct, frozen=True):
    """What one person did: the steps that they finished, and how often they recorded anything."""

    user_id: str
    steps: tuple[Step, ...]
    records: int


class Closing(Struct, frozen=True):
    first: date
    reviewed_on: date
    """the last step's last day"""
    opened_on: date
    business_days: int
    days: int
    """from the first day to the opening"""
    steps: tuple[StepTaken, ...]
    people: tuple[Share, ...]
    """who recorded most comes first"""


def closing(outlook: Outlook, history: Sequence[History]) -> Closing:
    state, seen = outlook.state, timeline(outlook)
    opened_on = state.opened_on or outlook.today
    return Closing(
        first=seen.first,
        reviewed_on=seen.last,
        opened_on=opened_on,
        business_days=outlook.calendar.business_days_between(seen.first, opened_on),
        days=(opened_on - seen.first).days,
        steps=tuple(
            StepTaken(row.step, row.business_days, row.step.expected, _late(outlook, row.step)) for row in seen.steps
        ),
        people=_people(outlook, history),
    )


def _late(outlook: Outlook, step: Step) -> int:
    done = outlook.state.step(step.id)
    usual = outlook.usually_over_on(done)
    return outlook.calendar.business_days_between(usual, done.done_on) if usual and done.done_on else 0


def _people(outlook: Outlook, history: Sequence[History]) -> tuple[Share, ...]:
    """Without those who wanted to be forgotten."""
    records: dict[str, set[str]] = {}
    for row in history:
        records.setdefault(row.actor, set()).add(row.change_id)
    finished: dict[str, list[Step]] = {}
    for step in outlook.state.steps:
        finished.setdefault(step.done_by or "", []).append(step.step)
    shares = [
        Share(person, tuple(finished.get(person, ())), len(records.get(person, ())))
        for person in dict.fromkeys([*finished, *records])
        if person
    ]
    return tuple(sorted(shares, key=lambda share: -share.records))
