"""What is owed: which reminders a contract has earned, on which day each is due, and whom it calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.contracts.state import ContractState, StepState
from bot.nudges.calendar import BusinessCalendar
from bot.procedure.reminders import Called, CountedFrom, Digest, NudgeRule, Wait
from storage.states import ContractStatus, NudgeStatus

if TYPE_CHECKING:
    from storage.tables import Nudge

REASON_GONE = "reason_gone"
_NEXT_DAY = Wait(business_days=1)
_WEEK = timedelta(days=7)


class Owed(Struct, frozen=True):
    """One rule that holds for a contract now, with the day from which its wait is counted.

    `entry` tells apart what is owed anew: how often the step was begun, or the week of a digest.
    """

    rule: NudgeRule | Digest
    step_id: str
    entry: int
    counted_on: date

    @property
    def key(self) -> tuple[str, int]:
        return (self.rule.id, self.entry)


def owed(state: ContractState) -> list[Owed]:
    """The reminders that a contract has earned: none while it is paused, and none once it is closed."""
    if state.status is ContractStatus.LIVE:
        return _owed_when_live(state)
    if state.status is not ContractStatus.ACTIVE:
        return []
    found = []
    for step in state.active_steps:
        for rule in step.step.nudges:
            counted_on = _counted_on(state, step, rule.counted_from)
            if counted_on is not None:
                found.append(Owed(rule, step.step.id, step.entry, counted_on))
    return found


def reason_for(state: ContractState, row: Nudge) -> Owed | None:
    """Why this row is owed to the contract now; None when it is not any more."""
    digest = state.procedure.digest
    if digest is not None and row.rule_id == digest.id:
        return digest_of_week(state, digest, row.counted_on)
    return next((one for one in owed(state) if one.key == (row.rule_id, row.entry)), None)


def digest_of_week(state: ContractState, digest: Digest, monday: date) -> Owed | None:
    """The digest of the week that begins on `monday`; None when the contract waits for nothing."""
    if state.status is not ContractStatus.ACTIVE or state.current is None:
        return None
    week = monday.isocalendar()
    return Owed(digest, state.current.step.id, week.year * 100 + week.week, monday)


def first_day(reason: Owed, calendar: BusinessCalendar) -> date:
    """The business day on which the first reminder of a rule is due; for a digest the first one of its week."""
    if isinstance(reason.rule, Digest):
        return calendar.add_business_days(reason.counted_on + timedelta(days=reason.rule.days_into_week), 0)
    return calendar.add(reason.counted_on, reason.rule.after)


def repeat_day(rule: NudgeRule | Digest, last: Nudge, calendar: BusinessCalendar) -> date:
    """The business day on which a rule reminds again after its reminder `last`."""
    wait = wait_after(rule, last.ordinal) or _NEXT_DAY
    return calendar.add(calendar.day_of(last.sent_at or last.due_at), wait)


def wait_after(rule: NudgeRule | Digest, ordinal: int) -> Wait | None:
    """How long a rule waits after its reminder number `ordinal`; None when that was the last."""
    waits = rule.repeats.business_days if isinstance(rule, NudgeRule) and rule.repeats else ()
    return Wait(business_days=waits[ordinal - 1]) if ordinal <= len(waits) else None


def is_overtaken(reason: Owed, day: date, reasons: Sequence[Owed], calendar: BusinessCalendar) -> bool:
    """Whether the rule that takes over from this one has its say by `day`."""
    successor = reason.rule.until if isinstance(reason.rule, NudgeRule) else None
    return any(other.rule.id == successor and first_day(other, calendar) <= day for other in reasons)


def next_digest(
    state: ContractState, digest: Digest, calendar: BusinessCalendar, today: date, *, had: Sequence[Nudge]
) -> Owed | None:
    """The digest of the next week that has a business day after today and no digest yet."""
    weeks_had = {row.entry for row in had if row.status != NudgeStatus.CANCELLED}
    monday = today - timedelta(days=today.weekday())
    while True:
        reason = digest_of_week(state, digest, monday)
        if reason is None:
            return None
        day = first_day(reason, calendar)
        if today < day < monday + _WEEK and reason.entry not in weeks_had:
            return reason
        monday += _WEEK


def whom_to_call(
    state: ContractState,
    reason: Owed,
    earlier: Sequence[Nudge],
    *,
    reacted_at: datetime | None,
    calendar: BusinessCalendar,
    today: date,
) -> Called:
    """Nobody at first. When the rule's `earlier` reminders went unanswered, its owner and then the managers."""
    if isinstance(reason.rule, Digest):
        return Called.NOBODY
    escalation = state.procedure.escalation
    unanswered = [
        calendar.day_of(row.sent_at)
        for row in earlier
        if row.status == NudgeStatus.SENT and row.sent_at and (reacted_at is None or row.sent_at > reacted_at)
    ]
    if not unanswered or escalation is None or reason.rule.calls is Called.MANAGERS:
        return reason.rule.calls
    if calendar.add(min(unanswered), escalation.managers) <= today:
        return Called.MANAGERS
    return Called.OWNER if calendar.add(min(unanswered), escalation.owner) <= today else reason.rule.calls


def _owed_when_live(state: ContractState) -> list[Owed]:
    if state.opened_on is not None:
        return []
    live_on = max(state.done_days.values(), default=state.started_on)
    return [
        Owed(rule, step.step.id, step.entry, live_on)
        for step in state.steps
        for rule in step.step.nudges
        if rule.counted_from is CountedFrom.CONTRACT_LIVE
    ]


def _counted_on(state: ContractState, step: StepState, counted_from: CountedFrom) -> date | None:
    if step.active_on is None or counted_from is CountedFrom.CONTRACT_LIVE:
        return None
    if counted_from is CountedFrom.STEP_ACTIVE:
        return step.active_on
    if counted_from is CountedFrom.CONTRACT_COMPLETE:
        complete_on = state.done_days.get(state.procedure.contract_complete_step)
        return max(step.active_on, complete_on) if complete_on else None
    if counted_from is CountedFrom.REVIEW_POSSIBLE:
        return None if state.review_was_requested else step.active_on
    return state.review_requested_on
