"""Business days and opening hours: when a message may be posted, and how waiting is counted."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.nudges.days_not_worked import days_not_worked
from bot.procedure.reminders import Wait

_ONE_DAY = timedelta(days=1)


class WorkingTime(Struct, frozen=True):
    """When a workspace is at work: its hours, and the days on which it differs from its country.

    Open from `opens` to `closes`, the latter not included; reminders come at `nudge_at`, within these hours.
    `days_on` are worked whatever the calendar says, a Saturday for example; `days_off` are not.
    """

    opens: time = time(9, 30)
    closes: time = time(18, 0)
    nudge_at: time = time(9, 30)
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()


AS_USUAL = WorkingTime()


class BusinessCalendar(Struct, frozen=True):
    """The working days of one country in one zone, with what one workspace has made of them.

    Weekends, public and bank holidays come from the `holidays` package; nobody here keeps a list.
    """

    zone: ZoneInfo
    country: str
    working: WorkingTime = AS_USUAL
    spread: timedelta = timedelta()

    def is_business_day(self, day: date) -> bool:
        if day in self.working.days_on:
            return True
        return day not in self.working.days_off and day not in days_not_worked(self.country, day.year)

    def add_business_days(self, day: date, count: int) -> date:
        """The business day `count` business days after `day`; with 0, `day` itself or the next business day."""
        if count == 0:
            return day if self.is_business_day(day) else self.add_business_days(day, 1)
        while count > 0:
            day += _ONE_DAY
            count -= self.is_business_day(day)
        return day

    def business_days_between(self, earlier: date, later: date) -> int:
        """How many business days have passed since `earlier`, `later` included; 0 when it is not later."""
        passed = 0
        for year in range(earlier.year, later.year + 1) if earlier < later else ():
            days = _business_days(self.country, self.working.days_off, self.working.days_on, year)
            passed += bisect_right(days, later) - bisect_right(days, earlier)
        return passed

    def add(self, day: date, wait: Wait) -> date:
        """The business day on which `wait` is over."""
        if wait.business_days is not None:
            return self.add_business_days(day, wait.business_days)
        return self.add_business_days(day + _ONE_DAY * (wait.days or 0), 0)

    def day_of(self, moment: datetime) -> date:
        """The day that people of this zone write at that moment."""
        return moment.astimezone(self.zone).date()

    def opening(self, day: date) -> datetime:
        return self._at(day, self.working.opens)

    def nudge_time(self, day: date) -> datetime:
        """When reminders of that day are due."""
        return self._at(day, self.working.nudge_at)

    def is_open(self, moment: datetime) -> bool:
        day = self.day_of(moment)
        return self.is_business_day(day) and self.opening(day) <= moment < self._at(day, self.working.closes)

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself while it is open, else the next opening."""
        if self.is_open(moment):
            return moment
        day = self.day_of(moment)
        if moment >= self.opening(day):
            day += _ONE_DAY
        day = self.add_business_days(day, 0)
        # Where the clocks skip the whole window, that day has no opening.
        while not self.is_open(self.opening(day)):
            day = self.add_business_days(day, 1)
        return self.opening(day)

    def next_morning(self, moment: datetime) -> datetime:
        """The time for reminders on the first business day after today."""
        return self.nudge_time(self.add_business_days(self.day_of(moment), 1))

    def look_at(self, due: datetime, workspace_id: str) -> datetime:
        """When to deliver what is due: each workspace a little later, always by the same part of `spread`."""
        seconds = int(self.spread.total_seconds())
        return due + timedelta(seconds=crc32(workspace_id.encode()) % seconds) if seconds else due

    def _at(self, day: date, hour: time) -> datetime:
        # An hour that the clocks skip moves forward by the gap, and of one that comes twice the first is meant:
        # that is what the round trip through UTC does with fold=0.
        return datetime.combine(day, hour, tzinfo=self.zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _business_days(country: str, days_off: frozenset[date], days_on: frozenset[date], year: int) -> tuple[date, ...]:
    """Those of one year, in their order: on one page of contracts many waits are counted."""
    first = date(year, 1, 1)
    year_days = {day for number in range(366) if (day := first + _ONE_DAY * number).year == year}
    return tuple(sorted((year_days - days_not_worked(country, year) - days_off) | (year_days & days_on)))
