"""Brings the ledger in line with a contract: what is owed next is planned, what is not owed any more taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.calendar import BusinessCalendar
from bot.nudges.rules import Owed
from storage import nudges as ledger
from storage import planning
from storage.tables import Nudge, NudgeStatus

MUTED = "muted"
_ENDED = frozenset({NudgeStatus.SENT, NudgeStatus.DEAD})
_OPEN = frozenset({NudgeStatus.SCHEDULED, NudgeStatus.POSTING, NudgeStatus.UNKNOWN})


def plan(state: ContractState, *, session: Session, calendar: BusinessCalendar, now: datetime) -> None:
    """Belongs into the transaction that changed the contract, or that marked one of its nudges as sent."""
    rows = ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
    _Planner(state, rows, session, calendar, now).plan()


def replan(
    state: ContractState, rows: Sequence[Nudge], *, session: Session, calendar: BusinessCalendar, now: datetime
) -> int:
    """Moves what is planned to where the calendar now puts it; `rows` are all of the contract's.

    Returns how many moved. What would now have been due already comes at the next time for reminders.
    """
    return _Planner(state, rows, session, calendar, now).replan()


def snooze(state: ContractState, row: Nudge, *, session: Session, calendar: BusinessCalendar, until: datetime) -> bool:
    """Moves the next reminder of the row's rule to `until`, once. False when the rule does not hold any more."""
    rows = ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
    return _Planner(state, rows, session, calendar, until).snooze(row, until)


class _Planner(Struct, frozen=True):
    """One contract with all rows of its ledger, at one moment."""

    state: ContractState
    rows: Sequence[Nudge]
    session: Session
    calendar: BusinessCalendar
    now: datetime

    def plan(self) -> None:
        reasons = [] if self.state.nudges_muted else rules.owed(self.state)
        for row in self.rows:
            is_wanted = not self.state.nudges_muted and rules.reason_for(self.state, row) is not None
            if row.status == NudgeStatus.SCHEDULED and not is_wanted:
                self._cancel(row)
        for reason in reasons:
            self._plan_next(reason, reasons)
        if not self.state.nudges_muted:
            self._plan_digest()

    def replan(self) -> int:
        moved = 0
        for row in self.rows:
            reason = rules.reason_for(self.state, row)
            if row.status != NudgeStatus.SCHEDULED or reason is None:
                continue
            due = self._due_by_calendar(row, reason)
            if due != row.due_at:
                moved += self._move(row, due, snoozed=row.snoozed)
        return moved

    def snooze(self, row: Nudge, until: datetime) -> bool:
        reason = rules.reason_for(self.state, row)
        if reason is None or self.state.nudges_muted:
            return False
        last = self._of(reason)[-1]
        if last.status == NudgeStatus.SCHEDULED:
            return self._move(last, until, snoozed=True)
        self._write(reason, last.ordinal + 1, until, snoozed=True)
        return True

    def _plan_next(self, reason: Owed, reasons: Sequence[Owed]) -> None:
        earlier = self._of(reason)
        last = earlier[-1] if earlier else None
        if last is not None and last.status == NudgeStatus.SCHEDULED:
            self._correct(last, reason, reasons)
            return
        ended = [row for row in earlier if row.status in _ENDED]
        if last is not None and (last.status in _OPEN or (ended and not self._goes_on(reason, ended[-1], last))):
            return
        day = rules.repeat_day(reason.rule, ended[-1], self.calendar) if ended else self._first_day(reason)
        due = self._not_today(day)
        if not rules.is_overtaken(reason, self.calendar.day_of(due), reasons, self.calendar):
            self._write(reason, ended[-1].ordinal + 1 if ended else 1, due)

    def _goes_on(self, reason: Owed, ended: Nudge, last: Nudge) -> bool:
        """Whether the rule has another reminder after `ended`: by its rhythm, or since a snoozed one was taken back."""
        taken_back = last.status == NudgeStatus.CANCELLED and last.ordinal > ended.ordinal
        return taken_back or rules.wait_after(reason.rule, ended.ordinal) is not None

    def _correct(self, row: Nudge, reason: Owed, reasons: Sequence[Owed]) -> None:
        """Somebody corrected the day from which a wait is counted: the first reminder moves with it."""
        if row.counted_on == reason.counted_on or row.snoozed or row.ordinal > 1:
            return
        due = self._not_today(self._first_day(reason))
        if rules.is_overtaken(reason, self.calendar.day_of(due), reasons, self.calendar):
            self._cancel(row)
        else:
            self._move(row, due, counted_on=reason.counted_on)

    def _plan_digest(self) -> None:
        digest = self.state.procedure.digest
        if digest is None:
            return
        had = [row for row in self.rows if row.rule_id == digest.id]
        if any(row.status in _OPEN and rules.reason_for(self.state, row) is not None for row in had):
            return
        today = self.calendar.day_of(self.now)
        reason = rules.next_digest(self.state, digest, self.calendar, today, had=had)
        if reason is not None:
            self._write(reason, 1, self.calendar.nudge_time(self._first_day(reason)))

    def _first_day(self, reason: Owed) -> date:
        return rules.first_day(reason, self.calendar)

    def _not_today(self, day: date) -> datetime:
        """The time for reminders on that day; the next business morning when that has passed."""
        due = self.calendar.nudge_time(day)
        return due if due > self.now else self.calendar.next_morning(self.now)

    def _due_by_calendar(self, row: Nudge, reason: Owed) -> datetime:
        sent = [one for one in self._of(reason) if one.status == NudgeStatus.SENT]
        if row.snoozed:
            day = self.calendar.day_of(row.due_at)
        else:
            day = rules.repeat_day(reason.rule, sent[-1], self.calendar) if sent else self._first_day(reason)
        due = self._nudge_time_from(day)
        if due < self.now:
            # It was put off once already, or its time has come today: the day stays, as far as it is one.
            due = self._nudge_time_from(self.calendar.day_of(max(row.due_at, self.now)))
        return due if due >= self.now else self.calendar.next_open(self.now)

    def _nudge_time_from(self, day: date) -> datetime:
        return self.calendar.nudge_time(self.calendar.add_business_days(day, 0))

    def _of(self, reason: Owed) -> list[Nudge]:
        return [row for row in self.rows if (row.rule_id, row.entry) == reason.key]

    def _cancel(self, row: Nudge) -> None:
        why = MUTED if self.state.nudges_muted else rules.REASON_GONE
        planning.cancel_nudge(session=self.session, nudge_id=_id(row), reason=why)

    def _move(self, row: Nudge, due_at: datetime, *, counted_on: date | None = None, snoozed: bool = False) -> bool:
        return planning.move_nudge(
            session=self.session,
            nudge_id=_id(row),
            due_at=due_at,
            look_at=self.calendar.look_at(due_at, self.state.workspace_id),
            counted_on=counted_on,
            snoozed=snoozed,
        )

    def _write(self, reason: Owed, ordinal: int, due_at: datetime, *, snoozed: bool = False) -> None:
        planning.plan_nudge(
            session=self.session,
            workspace_id=self.state.workspace_id,
            contract_id=self.state.id,
            channel_id=self.state.channel_id,
            rule_id=reason.rule.id,
            step_id=reason.step_id,
            entry=reason.entry,
            ordinal=ordinal,
            counted_on=reason.counted_on,
            due_at=due_at,
            look_at=self.calendar.look_at(due_at, self.state.workspace_id),
            snoozed=snoozed,
        )


def _id(row: Nudge) -> int:
    assert row.id is not None
    return row.id
