"""How well time was kept, in numbers: shares, quantiles, and the office time between two moments.

Definitions: the glossary's 提前办结率 (share decided before the promise) and 提速率 (1 − promised/statutory).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import ceil

from onething.domain.calendar.days import ONE_DAY, Calendar, is_working_day, local_date
from onething.domain.calendar.limits import Limit, Unit

AT_LEAST = 30
"""Fewer decisions than this say nothing about the next one (assumed: no rule names a number)."""

_NOTHING = timedelta()
_WORKING_DAY = Limit(amount=1, unit=Unit.WORKING_DAY)


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """One decided item: `pauses` are the stretches, within its time at the department, in which it stood still."""

    opened_at: datetime  # aware, as all of these
    closed_at: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the latest decisions say about the next. Below `AT_LEAST` of them all but `decisions` is None.

    `p50_days`, `p90_days`: half, and nine of ten, took no more working days than this, paused time not counted.
    `speed_up`: 1 − time used / statutory limit, on average; negative where it took longer (assumed: the glossary knows
    only the promise's speed-up).
    """

    decisions: int
    p50_days: float | None = None
    p90_days: float | None = None
    speed_up: float | None = None


def share(part: float, whole: float) -> float | None:
    """Of 1, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def quantile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent (1 to 100) of the values do not exceed (nearest rank)."""
    if not values or not 0 < percent <= 100:
        raise ValueError("a quantile is of some values, above 0 and up to 100 percent")
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


def promised_speed_up(promised: Limit, statutory: Limit) -> float | None:
    """提速率: 1 − promised/statutory (glossary), across units by their weights; None without a statutory length."""
    return round(1 - promised.weight / statutory.weight, 4) if statutory.weight else None


def forecast(cal: Calendar, handled: Sequence[DecidedItem], statutory: Limit | None = None) -> Forecast:
    """From what was decided last; silent below `AT_LEAST`. Days are working days of that calendar, to one place."""
    if len(handled) < AT_LEAST:
        return Forecast(len(handled))
    hours = OfficeTime(
        cal,
        min(local_date(one.opened_at) for one in handled),
        max(local_date(one.closed_at) for one in handled),
    )
    days = [hours.used_by(one) / hours.of_a_day for one in handled]
    law = statutory.weight / _WORKING_DAY.weight if statutory else 0
    return Forecast(
        len(handled),
        p50_days=round(quantile(days, 50), 1),
        p90_days=round(quantile(days, 90), 1),
        speed_up=round(1 - sum(days) / len(days) / law, 4) if law else None,
    )


class OfficeTime:
    """The office hours of a calendar from a first day to a last, added up once, so that many stretches cost little."""

    def __init__(self, cal: Calendar, first: date, last: date) -> None:
        days = (first + n * ONE_DAY for n in range((last - first).days + 1))
        spans = [span for day in days if is_working_day(cal, day) for span in cal.office_spans(day)]
        self._opens = [opens for opens, _ in spans]
        self._lengths = [closes - opens for opens, closes in spans]
        self._before = list(accumulate(self._lengths, initial=_NOTHING))
        self.of_a_day = cal.office_day

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """Nothing where `end` comes first. Both within the days it was made for."""
        return max(self._until(end) - self._until(begin), _NOTHING)

    def used_by(self, item: DecidedItem) -> timedelta:
        paused = sum((self.between(since, until) for since, until in item.pauses), _NOTHING)
        return self.between(item.opened_at, item.closed_at) - paused

    def _until(self, moment: datetime) -> timedelta:
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return _NOTHING
        return self._before[place] + min(moment - self._opens[place], self._lengths[place])
