"""What every use case needs beside the database: the procedures, the clock and the business calendars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.nudges.calendar import BusinessCalendar
from bot.procedure.load import Procedures
from bot.procedure.model import Procedure


@dataclass(frozen=True)
class Office:
    procedures: Procedures
    clock: Clock
    zone: str = "Asia/Seoul"
    """the zone of people whose contract does not name another"""
    _calendars: dict[tuple[str, str], BusinessCalendar] = field(default_factory=dict, repr=False)

    def now(self) -> datetime:
        return self.clock.now()

    def calendar(self, procedure: Procedure, zone: str) -> BusinessCalendar:
        """The business days of the procedure's country, at the clock of `zone`."""
        key = (procedure.country, zone)
        if key not in self._calendars:
            self._calendars[key] = BusinessCalendar(ZoneInfo(zone), procedure.country)
        return self._calendars[key]

    def today(self, zone: str) -> date:
        return self.now().astimezone(ZoneInfo(zone)).date()
