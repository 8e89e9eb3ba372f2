"""A year of a calendar in the way that people read it: periods off, and working days by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from onething.domain.calendar.days import Calendar, is_working_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NamedPeriod:
    """Days in a row with one name."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Month:
    """How many days of each kind it has."""

    month: int
    working: int
    holidays: int  # on what would be a working day
    weekends: int  # not worked
    made_up: int  # weekend days that are worked: among `working` too


def periods(days: Mapping[date, str], year: int) -> list[NamedPeriod]:
    """Those of that year, in order."""
    found: list[NamedPeriod] = []
    for day in sorted(one for one in days if one.year == year):
        if found and found[-1].last + _ONE_DAY == day and found[-1].name == days[day]:
            found[-1] = NamedPeriod(found[-1].name, found[-1].first, day)
        else:
            found.append(NamedPeriod(days[day], day, day))
    return found


def months(calendar: Calendar, year: int) -> list[Month]:
    return [_month(calendar, year, month) for month in range(1, 13)]


def _month(calendar: Calendar, year: int, month: int) -> Month:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    working = [day for day in days if is_working_day(calendar, day)]
    holidays = sum(day in calendar.holidays and day.weekday() < 5 for day in days)
    return Month(
        month=month,
        working=len(working),
        holidays=holidays,
        weekends=len(days) - len(working) - holidays,
        made_up=sum(day in calendar.workdays for day in days),
    )
