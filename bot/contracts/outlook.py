"""A contract as somebody looks at it today."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from bot.contracts.state import ContractState, StepState
from bot.nudges.calendar import BusinessCalendar
from bot.office import Office


class Outlook(Struct, frozen=True):
    """A contract's state, with its business calendar and the day in its zone."""

    state: ContractState
    calendar: BusinessCalendar
    today: date

    @classmethod
    def of(cls, state: ContractState, office: Office) -> Outlook:
        return cls(state, office.calendar_of(state), office.today(state.zone))

    def expected_on(self, step: StepState) -> date | None:
        return self.state.expected_on(step, self.calendar)

    def usually_over_on(self, step: StepState) -> date | None:
        return self.state.usually_over_on(step, self.calendar)

    def days_waited(self, step: StepState) -> int:
        """Business days since the step waits for the one whose turn it is; 0 on its first day."""
        since = self.state.waiting_since(step)
        return self.calendar.business_days_between(since, self.today) if since else 0

    def is_late(self, step: StepState) -> bool:
        """Whether it should have been over by now, by what is published."""
        expected_on = self.expected_on(step)
        return expected_on is not None and expected_on < self.today
