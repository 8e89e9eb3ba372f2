"""Working days and office hours. Local time is UTC+08:00 throughout."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from onething.domain.base import Code, Keyed, Text
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.calendar.national_holidays import national_holidays

LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")
ONE_DAY = timedelta(days=1)


def _in_order(days: dict[date, str]) -> dict[date, str]:
    return dict(sorted(days.items()))


Days = Annotated[dict[date, str], AfterValidator(_in_order)]
"""Date → name of the holiday. Kept in order, so that the same days always give the same digest."""


class Calendar(Keyed):
    """A published table of days off and 调休 workdays. Immutable; `digest` identifies it for good."""

    code: Code
    version: int = Field(ge=1)
    name: Text
    covered_from: date
    covered_until: date  # of later days only national holidays are known: what is computed from them is provisional
    holidays: Days
    workdays: Days  # weekend days that are worked (调休)
    office_hours: tuple[tuple[time, time], ...] = Field(min_length=1)  # (opens, closes), local

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        walls = [wall for span in self.office_hours for wall in span]
        if any(earlier >= later for earlier, later in pairwise(walls)):
            raise ValueError("办公时间须由早到晚排列且互不重叠")
        if any(wall.tzinfo for wall in walls):
            raise ValueError("办公时间是当地时间，不写时区")
        if self.covered_from > self.covered_until:
            raise ValueError("covered_from 不能晚于 covered_until")
        outside = [day for day in (*self.holidays, *self.workdays) if not self.covers(day)]
        if outside:
            raise ValueError(f"日期 {outside[0]} 不在 covered_from 与 covered_until 之间")
        both = sorted(self.holidays.keys() & self.workdays.keys())
        if both:
            raise ValueError(f"日期 {both[0]} 不能既放假又上班")
        return self

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    def covers(self, day: date) -> bool:
        return self.covered_from <= day <= self.covered_until

    def opens(self, day: date) -> datetime:
        """The moment at which offices open on that day."""
        return _moment(day, self.office_hours[0][0])

    def closes(self, day: date) -> datetime:
        """The moment at which business ends on that day."""
        return _moment(day, self.office_hours[-1][1])

    @cached_property
    def office_day(self) -> timedelta:
        """The office hours of one day, added up."""
        return sum((closes - opens for opens, closes in self.office_spans(self.covered_from)), timedelta())

    def office_spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """From opening to closing, as on a working day."""
        for opens, closes in self.office_hours:
            yield _moment(day, opens), _moment(day, closes)


def local_date(moment: datetime) -> date:
    """The date on the wall at that moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment must be aware")
    return moment.astimezone(LOCAL).date()


def day_begins(day: date) -> datetime:
    """Midnight on the wall."""
    return _moment(day, time.min)


def is_working_day(cal: Calendar, day: date) -> bool:
    """Beyond the calendar's coverage: Monday to Friday but for the days off that the national rule fixes by itself."""
    return day in cal.workdays or (day.weekday() < 5 and holiday_name(cal, day) is None)


def next_office_time(cal: Calendar, at: datetime) -> datetime:
    """That moment if offices are open then, else when they open next."""
    day = local_date(at)
    while True:
        for opens, closes in cal.office_spans(day) if is_working_day(cal, day) else ():
            if at < closes:
                return max(at, opens)
        day += ONE_DAY


def holiday_name(cal: Calendar, day: date) -> str | None:
    """Of a day off; None of other days, and of weekends that are no holiday."""
    return cal.holidays.get(day) if cal.covers(day) else national_holidays(day.year).get(day)


def warning_at(cal: Calendar, start: datetime, due_at: datetime, limit: Limit) -> datetime:
    """When to warn: as offices open on the due date; halfway for what is counted in hours or done on the spot."""
    if limit.amount == 0 or limit.unit is Unit.WORKING_HOUR:
        at = start + (due_at - start) / 2
    else:
        at = cal.opens(local_date(due_at))
    return max(at, start).astimezone(UTC)


def _moment(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, LOCAL).astimezone(UTC)
