"""来前请窗口看一眼: until when a clerk answers, and on which day somebody may be asked to come. Pure.

It is no receipt (收件): no period of the law begins with it, nothing is asked of anybody, and nobody decides anything.
All numbers are assumed: no rule sets them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from onething.domain.calendar.countdown import end
from onething.domain.calendar.days import ONE_DAY, Calendar, day_begins, local_date
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.outlets import Opening, OpeningHours, openings

ANSWERED_WITHIN = Limit(amount=4, unit=Unit.WORKING_HOUR)
"""A promise of the counter's, in hours of its office (assumed)."""
AHEAD = timedelta(days=20)
"""So far ahead a visit may lie, counted from when it was asked for (assumed): the draft is still there then."""
LATE = timedelta(days=7)
"""Where less than this is left of it, because the answer is late, so much is added (assumed): the draft is kept for
thirty days."""


class Verdict(StrEnum):
    """What a clerk says of one material, by its photo."""

    FINE = "fine"  # 可以: its original is to be brought
    REPLACE = "replace"  # 换一张: what is wrong is said
    MISSING = "missing"  # 还缺


def promised_at(calendar: Calendar, asked_at: datetime) -> datetime:
    """Until when it is to be answered."""
    return end(calendar, asked_at, ANSWERED_WITHIN).at


def last_day(asked_at: datetime, now: datetime) -> date:
    """The last on which the visit may be, as one says `now`."""
    ahead = asked_at + AHEAD
    return local_date(ahead + LATE if ahead < now + LATE else ahead)


def day_is_over_at(day: date) -> datetime:
    """From then on the counter sees no more of it."""
    return day_begins(day + ONE_DAY)


def open_on(hours: Sequence[OpeningHours], calendar: Calendar, day: date, now: datetime) -> list[Opening]:
    """When one can come on that day, `now` or later."""
    return [one for one in openings(hours, calendar, day) if now < one.closes]
