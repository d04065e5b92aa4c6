"""Business days and opening hours: when a message may be posted, and how waiting is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from bot.procedure.model import Wait

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """The working days of one country in one zone. Open from `opens` to `closes`, the latter not included.

    Public and bank holidays come from the `holidays` package; nobody here keeps a list.
    """

    zone: ZoneInfo
    country: str
    opens: time = time(9, 30)
    closes: time = time(18, 0)
    _years: dict[int, frozenset[date]] = field(default_factory=dict, repr=False, compare=False)

    def is_holiday(self, day: date) -> bool:
        if day.year not in self._years:
            self._years[day.year] = _holidays_of(self.country, day.year)
        return day in self._years[day.year]

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

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
        days = (earlier + _ONE_DAY * step for step in range(1, (later - earlier).days + 1))
        return sum(1 for day in days if self.is_business_day(day))

    def add(self, day: date, wait: Wait) -> date:
        """The business day on which `wait` is over."""
        if wait.business_days is not None:
            return self.add_business_days(day, wait.business_days)
        return self.add_business_days(day + _ONE_DAY * (wait.days or 0), 0)

    def day_of(self, moment: datetime) -> date:
        """The day that people of this zone write at that moment."""
        return moment.astimezone(self.zone).date()

    def opening(self, day: date) -> datetime:
        return self._at(day, self.opens)

    def is_open(self, moment: datetime) -> bool:
        day = self.day_of(moment)
        return self.is_business_day(day) and self.opening(day) <= moment < self._at(day, self.closes)

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself while it is open, else the next opening."""
        if self.is_open(moment):
            return moment
        day = self.day_of(moment)
        if moment >= self.opening(day):
            day += _ONE_DAY
        return self.opening(self.add_business_days(day, 0))

    def next_morning(self, moment: datetime) -> datetime:
        """The opening of the first business day after today."""
        return self.opening(self.add_business_days(self.day_of(moment), 1))

    def _at(self, day: date, hour: time) -> datetime:
        local = datetime.combine(day, hour, tzinfo=self.zone)
        # An hour that the clocks skip moves forward by the gap: the round trip through UTC does that.
        return local.astimezone(UTC)


def _holidays_of(country: str, year: int) -> frozenset[date]:
    supported = holidays.country_holidays(country).supported_categories
    wanted = tuple(category for category in ("public", "bank") if category in supported)
    return frozenset(holidays.country_holidays(country, years=year, categories=wanted))
