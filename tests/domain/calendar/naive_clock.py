"""A clock counted on the fingers: day by day, and minute by minute through office hours.

Written from the words of docs/adr/0010, sharing no code with `onething.domain.calendar.countdown`. Moments are
local and
naive, in whole minutes. It is slow and simple on purpose: where the two differ, this one is read first.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Pauses = list[tuple[datetime, datetime | None]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FAR = 250  # days after which a clock that stands still is believed never to come due


@dataclass
class Year:
    """Days off and days worked, by date; everything else is Monday to Friday."""

    off: set[date]
    on: set[date]
    hours: list[tuple[time, time]]

    def is_worked(self, day: date) -> bool:
        if day in self.on:
            return True
        if day in self.off:
            return False
        return day.isoweekday() <= 5

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.hours[-1][1])


@dataclass
class Counted:
    due: datetime | None
    days: dict[date, int] = field(default_factory=dict)  # counted: 1, or minutes
    at: list[datetime] = field(default_factory=list)  # the moment at which each day, or the minute from which, counted

    def before(self, moment: datetime) -> int:
        return sum(1 for one in self.at if one < moment)


def paused(pauses: Pauses, moment: datetime) -> bool:
    return any(since <= moment and (until is None or moment < until) for since, until in pauses)


def count(year: Year, unit: str, amount: int, start: datetime, pauses: Pauses) -> Counted:
    if amount == 0:
        return on_the_spot(year, start, pauses)
    if unit == "working_hour":
        return hours(year, amount, start, pauses)
    return whole_days(year, unit, amount, start, pauses)


def on_the_spot(year: Year, start: datetime, pauses: Pauses) -> Counted:
    """The first closing of a working day that comes after the start, while the clock runs."""
    for n in range(FAR):
        day = start.date() + n * DAY
        closing = year.closing(day)
        if closing > start and year.is_worked(day) and not paused(pauses, closing):
            return Counted(closing)
    return Counted(None)


def whole_days(year: Year, unit: str, amount: int, start: datetime, pauses: Pauses) -> Counted:
    counted = Counted(None)
    for n in range(1, FAR):
        day = start.date() + n * DAY
        closing = year.closing(day)
        if paused(pauses, closing):
            continue
        if len(counted.days) < amount and (unit == "calendar_day" or year.is_worked(day)):
            counted.days[day] = 1
            counted.at.append(closing)
        if len(counted.days) == amount and year.is_worked(day):
            counted.due = closing
            break
    return counted


def _of_day(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def hours(year: Year, amount: int, start: datetime, pauses: Pauses) -> Counted:
    counted = Counted(None)
    last = max([until or since for since, until in pauses], default=start)
    stands = any(until is None for _, until in pauses)
    office = [(_of_day(opens), _of_day(closes)) for opens, closes in year.hours]
    open_minutes = [n for n in range(24 * 60) if any(opens <= n < closes for opens, closes in office)]
    day = start.date()
    while not (stands and day > last.date()):
        if year.is_worked(day):
            for n in open_minutes:
                minute = datetime.combine(day, time()) + n * MINUTE
                if minute >= start and not paused(pauses, minute):
                    counted.days[day] = counted.days.get(day, 0) + 1
                    counted.at.append(minute)
                    if len(counted.at) == amount * 60:
                        counted.due = minute + MINUTE
                        return counted
        day += DAY
    return counted
