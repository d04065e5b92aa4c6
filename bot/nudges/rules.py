"""What is owed: which reminders a contract has earned, and when the next of each is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.contracts.state import ContractState, StepState
from bot.nudges.calendar import BusinessCalendar
from bot.procedure.model import CountedFrom, NudgeRule, Wait
from storage import nudges as ledger
from storage import planning
from storage.tables import ContractStatus, Nudge, NudgeStatus

REASON_GONE = "reason_gone"


@dataclass(frozen=True, slots=True)
class Owed:
    """One rule that holds for a contract now, with the day from which its wait is counted."""

    rule: NudgeRule
    step_id: str
    entry: int
    counted_on: date

    @property
    def key(self) -> tuple[str, int]:
        return (self.rule.id, self.entry)


def owed(state: ContractState) -> list[Owed]:
    """The reminders that a contract has earned: none while it is paused, and none once it is live or closed."""
    if state.status is not ContractStatus.ACTIVE:
        return []
    found = []
    for step in state.active_steps:
        for rule in step.step.nudges:
            counted_on = _counted_on(state, step, rule.counted_from)
            if counted_on is not None:
                found.append(Owed(rule, step.step.id, step.entry, counted_on))
    return found


def reason_for(state: ContractState, *, rule_id: str, entry: int) -> Owed | None:
    """Why this rule holds for the contract now; None when it does not any more."""
    return next((one for one in owed(state) if one.key == (rule_id, entry)), None)


def plan(state: ContractState, *, session: Session, calendar: BusinessCalendar, now: datetime) -> None:
    """Brings the ledger in line with the contract: plans what is owed next, takes back what is not owed any more.

    Belongs into the transaction that changed the contract, or that marked one of its nudges as sent.
    """
    rows = ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
    reasons = owed(state)
    wanted = {reason.key for reason in reasons}
    for row in rows:
        if row.status == NudgeStatus.SCHEDULED and (row.rule_id, row.entry) not in wanted:
            planning.cancel_nudge(session=session, nudge_id=_id(row), reason=REASON_GONE)
    for reason in reasons:
        earlier = [row for row in rows if (row.rule_id, row.entry) == reason.key]
        _plan_next(state, reason, earlier, session=session, calendar=calendar, now=now)


def replan(
    state: ContractState, rows: Sequence[Nudge], *, session: Session, calendar: BusinessCalendar, now: datetime
) -> int:
    """Moves what is planned to where the calendar now puts it; `rows` are all of the contract's.

    Returns how many moved. What would now have been due already comes at the next time for reminders.
    """
    moved = 0
    for row in rows:
        reason = reason_for(state, rule_id=row.rule_id, entry=row.entry)
        if row.status != NudgeStatus.SCHEDULED or reason is None:
            continue
        earlier = [one for one in rows if (one.rule_id, one.entry) == reason.key and one.id != row.id]
        due = _due_by_calendar(row, reason, earlier, calendar, now)
        if due != row.due_at:
            moved += _move(state, row, due, session=session, calendar=calendar, snoozed=row.snoozed)
    return moved


def _due_by_calendar(
    row: Nudge, reason: Owed, earlier: Sequence[Nudge], calendar: BusinessCalendar, now: datetime
) -> datetime:
    sent = [one for one in earlier if one.status == NudgeStatus.SENT]
    day = calendar.day_of(row.due_at)
    if not row.snoozed:
        day = (
            _repeat_day(reason.rule, sent[-1], calendar) if sent else calendar.add(reason.counted_on, reason.rule.after)
        )
    due = calendar.nudge_time(calendar.add_business_days(day, 0))
    if due >= now:
        return due
    # It was put off once already, or its time has come today: the day stays, as far as it is one.
    kept = calendar.nudge_time(calendar.add_business_days(calendar.day_of(max(row.due_at, now)), 0))
    return kept if kept >= now else calendar.next_open(now)


def snooze(state: ContractState, row: Nudge, *, session: Session, calendar: BusinessCalendar, until: datetime) -> bool:
    """Moves the next reminder of the row's rule to `until`, once. False when the rule does not hold any more."""
    reason = reason_for(state, rule_id=row.rule_id, entry=row.entry)
    if reason is None:
        return False
    rows = ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
    last = [one for one in rows if (one.rule_id, one.entry) == reason.key][-1]
    if last.status == NudgeStatus.SCHEDULED:
        return _move(state, last, until, session=session, calendar=calendar, snoozed=True)
    _write(state, reason, last.ordinal + 1, until, session=session, calendar=calendar, snoozed=True)
    return True


def _plan_next(
    state: ContractState,
    reason: Owed,
    earlier: Sequence[Nudge],
    *,
    session: Session,
    calendar: BusinessCalendar,
    now: datetime,
) -> None:
    last = earlier[-1] if earlier else None
    if last is None:
        _write(state, reason, 1, first_due(reason, calendar, now), session=session, calendar=calendar)
    elif last.status == NudgeStatus.CANCELLED:
        sent = [row for row in earlier if row.status == NudgeStatus.SENT]
        due = _next_due(reason.rule, sent[-1], calendar, now) if sent else first_due(reason, calendar, now)
        _write(state, reason, last.ordinal, due, session=session, calendar=calendar)
    elif last.status == NudgeStatus.SCHEDULED:
        if last.counted_on != reason.counted_on and not last.snoozed and last.ordinal == 1:
            due = first_due(reason, calendar, now)
            _move(state, last, due, session=session, calendar=calendar, counted_on=reason.counted_on)
    elif last.status in {NudgeStatus.SENT, NudgeStatus.DEAD} and _is_repeated(reason.rule, last.ordinal):
        _write(
            state,
            reason,
            last.ordinal + 1,
            _next_due(reason.rule, last, calendar, now),
            session=session,
            calendar=calendar,
        )


def first_due(reason: Owed, calendar: BusinessCalendar, now: datetime) -> datetime:
    """The time for reminders on the day on which the wait is over; if that has passed, the next business morning."""
    due = calendar.nudge_time(calendar.add(reason.counted_on, reason.rule.after))
    return due if due >= now else calendar.next_morning(now)


def _next_due(rule: NudgeRule, last: Nudge, calendar: BusinessCalendar, now: datetime) -> datetime:
    due = calendar.nudge_time(_repeat_day(rule, last, calendar))
    return due if due >= now else calendar.next_morning(now)


def _repeat_day(rule: NudgeRule, last: Nudge, calendar: BusinessCalendar) -> date:
    every = rule.repeat.every if rule.repeat else Wait(business_days=1)
    return calendar.add(calendar.day_of(last.sent_at or last.due_at), every)


def _is_repeated(rule: NudgeRule, ordinal: int) -> bool:
    return rule.repeat is not None and ordinal <= rule.repeat.times


def _counted_on(state: ContractState, step: StepState, counted_from: CountedFrom) -> date | None:
    if step.active_on is None:
        return None
    if counted_from is CountedFrom.STEP_ACTIVE:
        return step.active_on
    if counted_from is CountedFrom.CONTRACT_COMPLETE:
        complete_on = state.done_days.get(state.procedure.contract_complete_step)
        return max(step.active_on, complete_on) if complete_on else None
    if counted_from is CountedFrom.REVIEW_POSSIBLE:
        return None if state.review_was_requested else step.active_on
    return state.review_requested_on


def _move(
    state: ContractState,
    row: Nudge,
    due_at: datetime,
    *,
    session: Session,
    calendar: BusinessCalendar,
    counted_on: date | None = None,
    snoozed: bool = False,
) -> bool:
    return planning.move_nudge(
        session=session,
        nudge_id=_id(row),
        due_at=due_at,
        look_at=calendar.look_at(due_at, state.workspace_id),
        counted_on=counted_on,
        snoozed=snoozed,
    )


def _write(
    state: ContractState,
    reason: Owed,
    ordinal: int,
    due_at: datetime,
    *,
    session: Session,
    calendar: BusinessCalendar,
    snoozed: bool = False,
) -> None:
    planning.plan_nudge(
        session=session,
        workspace_id=state.workspace_id,
        contract_id=state.id,
        channel_id=state.channel_id,
        rule_id=reason.rule.id,
        step_id=reason.step_id,
        entry=reason.entry,
        ordinal=ordinal,
        counted_on=reason.counted_on,
        due_at=due_at,
        look_at=calendar.look_at(due_at, state.workspace_id),
        snoozed=snoozed,
    )


def _id(row: Nudge) -> int:
    assert row.id is not None
    return row.id
