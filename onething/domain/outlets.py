"""网点开放时间: when an outlet is open, by lines of days and times. Pure.

On a holiday nobody is there but on dates that a line names. Weekend days that are worked (调休) go by the hours of a
Monday, unless the weekday has hours of its own (assumed: the notices don't say whose hours).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from onething.domain.base import Strict, Text
from onething.domain.calendar.days import LOCAL, ONE_DAY, Calendar, holiday_name, local_date

_SPAN = re.compile(r"[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]")
_LOOKED_AHEAD = timedelta(days=366)


class OutletKind(StrEnum):
    HALL = "hall"  # 政务服务大厅
    TOWN = "town"  # 乡镇、街道便民服务中心
    VILLAGE = "village"  # 村、社区便民服务站
    MOBILE = "mobile"  # 流动服务窗口: comes to places on certain days
    PARTNER = "partner"  # 异地合作大厅: takes in for a division that it does not stand in


class Weekday(StrEnum):
    """In the order of `date.weekday()`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_WEEK = tuple(Weekday)


class TimeSpan(Strict):
    """Of one day, local time."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("开门须早于关门")
        return self


def _span(written: object) -> object:
    """`08:30-12:00`."""
    if not isinstance(written, str):
        return written
    if not _SPAN.fullmatch(written):
        raise ValueError("开放时间写成 08:30-12:00")
    opens, _, closes = written.partition("-")
    return {"opens": opens, "closes": closes}


class OpeningHours(Strict):
    """One line: on which days (of the week, of the month, or by date: one of them), at which times; of a mobile window
    also where it stands then."""

    weekdays: tuple[Weekday, ...] = ()
    month_days: tuple[Annotated[int, Field(ge=1, le=31)], ...] = ()
    dates: tuple[date, ...] = ()
    times: tuple[Annotated[TimeSpan, BeforeValidator(_span)], ...] = Field(min_length=1)
    place: Text | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if sum(map(bool, (self.weekdays, self.month_days, self.dates))) != 1:
            raise ValueError("weekdays（星期）、month_days（每月的日子）、dates（日期）写一种，多种的分行写")
        return self

    def is_on(self, calendar: Calendar, day: date) -> bool:
        if self.dates:
            return day in self.dates
        if holiday_name(calendar, day) is not None:
            return False
        return day.day in self.month_days or _WEEK[day.weekday()] in self.weekdays


class Opening(Strict):
    """Once that it is open; aware."""

    opens: datetime
    closes: datetime
    place: str | None = None


def openings(lines: Sequence[OpeningHours], calendar: Calendar, day: date) -> list[Opening]:
    """All of a day, the first first."""
    on = [line for line in lines if line.is_on(calendar, day)]
    if day in calendar.workdays and not any(line.weekdays for line in on):
        on += [line for line in lines if Weekday.MON in line.weekdays]
    found = [
        Opening(
            opens=datetime.combine(day, span.opens, LOCAL),
            closes=datetime.combine(day, span.closes, LOCAL),
            place=line.place,
        )
        for line in on
        for span in line.times
    ]
    return sorted(found, key=lambda one: (one.opens, one.closes))


def opening_from(lines: Sequence[OpeningHours], calendar: Calendar, at: datetime) -> Opening | None:
    """That which lasts at this moment, else the next; None where a year has none."""
    return next((one for one in _from(lines, calendar, at) if at < one.closes), None)


def _from(lines: Sequence[OpeningHours], calendar: Calendar, at: datetime) -> Iterator[Opening]:
    day = local_date(at)
    last = day + _LOOKED_AHEAD
    while day <= last:
        yield from openings(lines, calendar, day)
        day += ONE_DAY


_DAY_NAMES = dict(zip(Weekday, "一二三四五六日", strict=True))


def hours_text(line: OpeningHours) -> str:
    """As people read it: 周一至周五 08:30–12:00、13:30–17:30."""
    times = "、".join(f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in line.times)
    return f"{_days_text(line)} {times}{f'（{line.place}）' if line.place else ''}"


def _days_text(line: OpeningHours) -> str:
    if line.dates:
        return "、".join(day.isoformat() for day in sorted(line.dates))
    if line.month_days:
        return f"每月 {'、'.join(map(str, sorted(line.month_days)))} 日"
    days = sorted(_WEEK.index(day) for day in set(line.weekdays))
    names = [f"周{_DAY_NAMES[_WEEK[day]]}" for day in days]
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return f"{names[0]}至{names[-1]}" if in_a_row else "、".join(names)
