"""A clock counted on the fingers: day by day, and minute by minute through office hours.

Written from the words of docs/adr/0034, sharing no code with `onething.domain.calendar.countdown`. Moments are local
and naive, in whole minutes. It is slow and simple on purpose: where the two differ, this one is read first.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

Pauses = list[tuple[datetime, datetime | None]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FAR = 150  # days: further than any clock here reaches


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

    @cached_property
    def open_minutes(self) -> list[int]:
        """Of a day that is worked."""
        office = [(_of_day(opens), _of_day(closes)) for opens, closes in self.hours]
        return [n for n in range(24 * 60) if any(opens <= n < closes for opens, closes in office)]


@dataclass
class Counted:
    due: datetime | None
    days: dict[date, int] = field(default_factory=dict)  # counted: 1, or minutes
    at: list[datetime] = field(default_factory=list)  # the moment at which each day, or the minute from which, counted
    moves_on: date | None = None  # a person's last day is this day off

    def before(self, moment: datetime) -> int:
        return sum(1 for one in self.at if one < moment)


def paused(pauses: Pauses, moment: datetime) -> bool:
    return any(since <= moment and (until is None or moment < until) for since, until in pauses)


def stands_at(pauses: Pauses, closing: datetime) -> bool:
    return any(since < closing and (until is None or closing < until) for since, until in pauses)


def touched(pauses: Pauses, day: date) -> bool:
    """Only then do its minutes have to be looked at one by one."""
    return any(since.date() <= day and (until is None or day <= until.date()) for since, until in pauses)


def count(year: Year, unit: str, amount: int, start: datetime, pauses: Pauses, *, person: bool = False) -> Counted:
    if amount == 0:
        day = start.date() if start < year.closing(start.date()) else start.date() + DAY
        return Counted(whole_days(year, 1, day, start, pauses).due)
    if unit == "working_hour":
        return hours(year, amount, start, pauses)
    first = start.date() + DAY
    if unit == "month":
        amount = to_the_corresponding_day(start.date(), amount)
    if unit == "working_day":
        return whole_days(year, amount, first, start, pauses)
    counted = whole_days(year, amount, first, start, pauses, every_day=True, person=person)
    if counted.moves_on is not None:
        counted.due = whole_days(year, 1, counted.moves_on + DAY, start, pauses).due
    return counted


def to_the_corresponding_day(day: date, months: int) -> int:
    """Days until so many months have gone by, each turning as its first day comes; then on to the same day, or to the
    month's last."""
    turned, today, passed = 0, day, 0
    while turned < months:
        today, passed = today + DAY, passed + 1
        turned += today.day == 1
    while today.day < day.day and (today + DAY).month == today.month:
        today, passed = today + DAY, passed + 1
    return passed


def whole_days(
    year: Year,
    amount: int,
    day: date,
    start: datetime,
    pauses: Pauses,
    *,
    every_day: bool = False,
    person: bool = False,
) -> Counted:
    """From `day` on. A pool of paused minutes takes out a day whenever it holds a whole one."""
    counted = Counted(None)
    full = len(year.open_minutes)
    pool, done, left = 0, 0, 0
    stands_from = min((since for since, until in pauses if until is None), default=None)
    for n in range(FAR):
        today = day + n * DAY
        worked = year.is_worked(today)
        if worked or every_day:
            closing = year.closing(today)
            for wall in year.open_minutes if left or touched(pauses, today) else ():
                minute = datetime.combine(today, time()) + wall * MINUTE
                if minute < start:
                    continue
                if paused(pauses, minute):
                    pool += 1
                elif left:
                    left -= 1
                    if not left and not (person and not worked):
                        counted.due = minute + MINUTE
                        return counted
            over = done == amount
            if pool >= full:
                pool -= full
            elif not over:
                done += 1
                counted.days[today] = 1
                counted.at.append(closing)
                if done == amount:
                    left = pool
                    over = True
            if over and person and not worked:
                counted.moves_on = today
                return counted
            if over and not stands_at(pauses, closing):
                counted.due = closing
                return counted
        if stands_from is not None and today > stands_from.date():
            break
    return counted


def _of_day(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def hours(year: Year, amount: int, start: datetime, pauses: Pauses) -> Counted:
    counted = Counted(None)
    last = max([until or since for since, until in pauses], default=start)
    stands = any(until is None for _, until in pauses)
    day = start.date()
    while not (stands and day > last.date()):
        if year.is_worked(day):
            for n in year.open_minutes:
                minute = datetime.combine(day, time()) + n * MINUTE
                if minute >= start and not paused(pauses, minute):
                    counted.days[day] = counted.days.get(day, 0) + 1
                    counted.at.append(minute)
                    if len(counted.at) == amount * 60:
                        counted.due = minute + MINUTE
                        return counted
        day += DAY
    return counted
