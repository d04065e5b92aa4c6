"""What every use case needs beside the database: the procedures, the clock and the business calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.clock import Clock
from bot.contracts.state import ContractState
from bot.nudges.calendar import AS_USUAL, BusinessCalendar, WorkingTime
from bot.procedure.load import Procedures
from bot.procedure.model import Procedure


class Office(Struct, frozen=True, eq=False):
    procedures: Procedures
    clock: Clock
    zone: str = "Asia/Seoul"
    """the zone of people whose contract does not name another"""
    spread: timedelta = timedelta()
    """how far the workspaces' messages of one minute are spread, so that not all of them want to be sent at once"""

    def now(self) -> datetime:
        return self.clock.now()

    def calendar_of(self, state: ContractState) -> BusinessCalendar:
        """The business days that count for a contract."""
        return self.calendar(state.procedure, state.zone, state.working)

    def calendar(self, procedure: Procedure, zone: str, working: WorkingTime) -> BusinessCalendar:
        """The business days of the procedure's country at the clock of `zone`, as the workspace works them."""
        return BusinessCalendar(ZoneInfo(zone), procedure.country, working, self.spread)

    def get_ready(self) -> None:
        """Reads the holidays now: where nothing is kept of them it takes a second or more, and Slack waits three."""
        for procedure in self.procedures.values():
            self.calendar(procedure, self.zone, AS_USUAL).is_business_day(self.today(self.zone))

    def today(self, zone: str) -> date:
        return self.now().astimezone(ZoneInfo(zone)).date()
