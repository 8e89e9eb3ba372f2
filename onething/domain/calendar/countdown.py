"""How much of a length of time is used up, and when it ends: budget, start, pauses and a calendar decide all of it.

Sources: 民法典 Art. 201 (the day of the event is not counted; hours count from their moment), Art. 203 (a period that
would end on a holiday ends on the day after it; where there are business hours it ends when business ends); 行政许可法
Art. 45 (what special procedures take is not counted). Days are used up at the close of business, hours as they pass;
how pauses are measured: docs/adr/0034.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from onething.domain.base import Strict
from onething.domain.calendar.days import ONE_DAY, Calendar, day_begins, holiday_name, is_working_day, local_date
from onething.domain.calendar.limits import BY_THE_CALENDAR, Limit, Unit, Whose

_NOTHING = timedelta()


class PauseBasis(StrEnum):
    """Why a clock may stand still; the list is closed. First the special procedures of 行政许可法 Art. 45, then what
    only another law's own article takes out of a statutory limit. A plain site visit (踏勘、现场核查) is neither: it
    stops promises only, alone or joint."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"
    PUBLIC_NOTICE = "public_notice"
    INVESTIGATION = "investigation"
    EVALUATION = "evaluation"
    CONSULTATION = "consultation"
    RECTIFICATION = "rectification"
    OTHER_FINDING = "other_finding"
    SITE_VISIT = "site_visit"
    FORCE_MAJEURE = "force_majeure"
    CORRECTION = "correction"  # awaited after acceptance: stops promises, never a statutory clock
    RECTIFYING = "rectifying"  # the applicant mends what a joint inspection found
    PERIOD = "period"  # a time in which no authority decides: it stops those of the whole
    RETURNED = "returned"  # an earlier step was sent back: the item is not, or was not, at its department


ARTICLE_45 = frozenset(
    {
        PauseBasis.HEARING,
        PauseBasis.TENDER,
        PauseBasis.AUCTION,
        PauseBasis.INSPECTION,
        PauseBasis.TESTING,
        PauseBasis.QUARANTINE,
        PauseBasis.APPRAISAL,
        PauseBasis.EXPERT_REVIEW,
    }
)


class Pause(Strict):
    """From `since` on, until before `until`; open while that is None. `item`: whose pause it is. `ends_at`: when the
    procedure has taken as long as it may, and the clock goes on by itself."""

    since: datetime
    until: datetime | None = None
    basis: PauseBasis
    item: str | None = None
    ends_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it had begun before that moment, and lasts beyond it."""
        return self.since < moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Countdown:
    """All that is kept of a clock. Pauses in the order in which they began; they may overlap."""

    limit: Limit
    started_at: datetime  # aware
    pauses: tuple[Pause, ...] = ()
    extended: int = 0  # of the limit's unit

    @property
    def length(self) -> int:
        """Of the limit's unit."""
        return self.limit.amount + self.extended

    @property
    def amount(self) -> int:
        """What is counted down: hours, or days; of months and years the days to the corresponding one (民法典 Art. 202:
        the same day of the month in which they end, else that month's last)."""
        if self.limit.unit not in _MONTHS:
            return self.length
        first = local_date(self.started_at)
        return (_months_later(first, self.length * _MONTHS[self.limit.unit]) - first).days

    @property
    def counted_in(self) -> Unit:
        return Unit.CALENDAR_DAY if self.limit.unit in _MONTHS else self.limit.unit

    @property
    def counts_hours(self) -> bool:
        """Zero hours are on the spot, as zero days are."""
        return self.limit.unit is Unit.WORKING_HOUR and self.amount > 0

    @property
    def budget(self) -> timedelta:
        """Of days a whole day each, of hours the time itself; so is everything that is counted."""
        return timedelta(hours=self.amount) if self.counts_hours else self.amount * ONE_DAY

    def stands_at(self, moment: datetime) -> bool:
        return any(pause.holds(moment) for pause in self.pauses)

    def runs(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches between two moments in which it is not paused."""
        for pause in self.pauses:
            if begin < pause.since:
                if pause.since >= end:
                    break
                yield begin, pause.since
            if pause.until is None:
                return
            begin = max(begin, pause.until)
        if begin < end:
            yield begin, end


class DueDate(NamedTuple):
    at: datetime  # aware, UTC
    provisional: bool  # rests on days that the calendar does not cover


class DayReason(StrEnum):
    """Why a day counts or does not."""

    EVENT_DAY = "event_day"  # the day of the event is not counted
    AFTER_HOURS = "after_hours"  # hours: business had ended when the clock started
    WORKDAY = "workday"
    MAKE_UP_WORKDAY = "make_up_workday"  # 调休: a weekend day that is worked
    CALENDAR_DAY = "calendar_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"  # of days: paused time has filled one more office day; of hours: no time was left to run
    THE_REST = "the_rest"  # it stood still as it would have ended: what was left of that day is used up
    MOVED_ON = "moved_on"  # the last day was no working day, and neither is this one
    MOVED_TO = "moved_to"  # the working day on which it therefore ends
    ON_THE_SPOT = "on_the_spot"  # zero: it ends with this day


class Day(NamedTuple):
    """One day in the life of a clock."""

    date: date
    reason: DayReason
    counted: timedelta  # a whole day or nothing; of hours the time
    provisional: bool  # the calendar does not cover it: a weekday, weekend or national holiday, swaps not being known
    name: str | None = None  # of the holiday that it is, or is worked for
    basis: PauseBasis | None = None  # of the pause; of a day that counts: it was paused for a part of it
    spans: tuple[tuple[datetime, datetime], ...] = ()  # with hours: when it ran
    due_at: datetime | None = None  # on the last day
    paused: timedelta = _NOTHING  # of a clock of days: office time in which it stood still
    carried: timedelta = _NOTHING  # of a clock of days: paused time that has filled no office day yet, after this one

    @property
    def fills(self) -> bool:
        """Of a clock of days: paused time has filled one more office day."""
        return self.carried < self.paused


def due(cal: Calendar, clock: Countdown) -> DueDate | None:
    """When the budget is used up; None while an open pause keeps that from coming.

    Days end with the closing that uses them up; a person's calendar days, if that is of no working day, with the next
    working day's; a zero budget with the first closing of a working day. A clock that stands still at that closing ends
    once it has run for what was left of the day: nothing ends in a pause.
    """
    stands_from = next((pause.since for pause in clock.pauses if pause.until is None), None)
    for day in days(cal, clock):
        if day.due_at is not None:
            return DueDate(day.due_at, provisional=day.provisional or not cal.covers(local_date(clock.started_at)))
        if stands_from is not None and stands_from <= cal.closes(day.date):
            return None
    raise AssertionError("a clock that runs comes due")


def end(cal: Calendar, start: datetime, limit: Limit, pauses: tuple[Pause, ...] = ()) -> DueDate:
    """When a period that begins at `start` (aware) ends, if nothing stops it but these `pauses`, which are over."""
    found = due(cal, Countdown(limit, start, pauses))
    if found is None:
        raise AssertionError("nothing stops it")
    return found


def consumed(cal: Calendar, clock: Countdown, at: datetime) -> timedelta:
    """What was used up before `at`: a closing at that very moment is still to come."""
    total = _NOTHING
    for day in days(cal, clock):
        if day.date > local_date(at):
            break
        if clock.counts_hours:
            total += sum((min(until, at) - since for since, until in day.spans if since < at), _NOTHING)
        elif cal.closes(day.date) < at:
            total += day.counted
    return total


def reached(cal: Calendar, clock: Countdown, part: timedelta) -> datetime | None:
    """When so much of the budget (at most all) is used up; None for nothing of it, and while a pause keeps it from
    coming."""
    if part <= _NOTHING:
        return None
    stands_from = next((pause.since for pause in clock.pauses if pause.until is None), None)
    for day in days(cal, clock):
        if not clock.counts_hours and day.counted:
            part -= day.counted
            if part <= _NOTHING:
                return cal.closes(day.date)
        for since, until in day.spans:
            if part <= until - since:
                return since + part
            part -= until - since
        if stands_from is not None and stands_from <= cal.closes(day.date):
            break
    return None


def left(cal: Calendar, clock: Countdown, at: datetime) -> timedelta:
    """What of the budget is still to come at `at`; pausing and resuming do not change it."""
    return clock.budget - consumed(cal, clock, at)


def explain(cal: Calendar, clock: Countdown, until: datetime) -> tuple[Day, ...]:
    """Why this date: every day from the start to the due date, or to `until` while the clock stands still. What is
    counted adds up to the budget when there is a due date."""
    last = local_date(until) if due(cal, clock) is None else None
    told: list[Day] = []
    for day in days(cal, clock):
        if last is not None and told and day.date > last:
            break
        told.append(day)
    return tuple(told)


def days(cal: Calendar, clock: Countdown) -> Iterator[Day]:
    """From the day of the start to the due date; without end while an open pause keeps it from coming."""
    if clock.counts_hours:
        return _with_hours(cal, clock)
    if clock.pauses:
        return _with_days(cal, clock)
    day = local_date(clock.started_at)
    late = clock.amount == 0 and clock.started_at >= cal.closes(day)
    return iter(_never_paused(cal, clock.limit, clock.extended, day, late))


@lru_cache(maxsize=512)
def _never_paused(cal: Calendar, limit: Limit, extended: int, day: date, late: bool) -> tuple[Day, ...]:
    """What all days of clocks have in common that start on that day and stand still at no time: most clocks there are.
    `late`: after business had ended, which counts where there are no days to be used up."""
    start = cal.closes(day) if late else day_begins(day)
    return tuple(_with_days(cal, Countdown(limit, start, extended=extended)))


def _with_days(cal: Calendar, clock: Countdown) -> Iterator[Day]:
    day = local_date(clock.started_at)
    if clock.amount or clock.started_at >= cal.closes(day):
        # no part of the period: what is paused on it takes nothing from it
        yield Day(day, DayReason.EVENT_DAY, _NOTHING, not cal.covers(day))
        day += ONE_DAY
    if not clock.amount:
        yield from _used_up(cal, clock, day, 1, ends_as=DayReason.ON_THE_SPOT)
        return
    every_day = clock.limit.unit in BY_THE_CALENDAR
    moves_on = every_day and clock.limit.whose is Whose.PERSON
    for one in _used_up(cal, clock, day, clock.amount, every_day=every_day, moves_on=moves_on):
        day = one.date
        yield one
    if one.due_at is None:
        yield from _used_up(cal, clock, day + ONE_DAY, 1, ends_as=DayReason.MOVED_TO)


def _used_up(
    cal: Calendar,
    clock: Countdown,
    day: date,
    amount: int,
    *,
    every_day: bool = False,
    moves_on: bool = False,
    ends_as: DayReason | None = None,
) -> Iterator[Day]:
    """From `day` on until so many days are used up: working days, or every day. Each office day that paused time has
    filled is one that does not count. Ends with the due date, but without one on a day off from which it `moves_on`.
    `ends_as`: what the last day is called, where none is counted."""
    carried = left = _NOTHING  # left: of the day at whose closing it would have ended
    while True:
        closing, (reason, name) = cal.closes(day), _kind(cal, day)
        works = reason not in _OFF
        paused, basis, counted, due_at = _NOTHING, None, _NOTHING, None
        if works or every_day:
            paused, basis = _stood_still(cal, clock, day)
            fills = carried + paused >= cal.office_day
            carried += paused - (cal.office_day if fills else _NOTHING)
            resumed = left
            if left:
                due_at, left = _went_on(cal, clock, day, left)
            elif not fills:
                amount, counted = amount - 1, _NOTHING if ends_as else ONE_DAY
            if not amount and due_at is None:
                if clock.stands_at(closing):
                    left = left or carried
                else:
                    due_at = closing
            if counted:
                reason = DayReason.CALENDAR_DAY if every_day else reason
            else:
                last = DayReason.THE_REST if resumed else ends_as
                reason, name = last if due_at and last else DayReason.PAUSED, None
        elif ends_as is DayReason.MOVED_TO:
            reason = DayReason.MOVED_ON
        stays = works or not moves_on
        due_at = due_at if stays else None
        provisional = not cal.covers(day)
        yield Day(day, reason, counted, provisional, name, basis, due_at=due_at, paused=paused, carried=carried)
        if due_at is not None or not (amount or stays):
            return
        day += ONE_DAY


def _stood_still(cal: Calendar, clock: Countdown, day: date) -> tuple[timedelta, PauseBasis | None]:
    """For how long of that day's office hours, as of a day that is worked; and for what first."""
    total = _NOTHING
    basis: PauseBasis | None = None
    if clock.pauses and clock.pauses[0].since < cal.closes(day):
        for opens, closes in cal.office_spans(day):
            begin = min(max(opens, clock.started_at), closes)
            total += closes - begin - sum((until - since for since, until in clock.runs(begin, closes)), _NOTHING)
            pause = _pause_within(clock, begin, closes)
            if basis is None and pause is not None:
                basis = pause.basis
    return total, basis


def _went_on(cal: Calendar, clock: Countdown, day: date, left: timedelta) -> tuple[datetime | None, timedelta]:
    """When, in that day's office hours, it has run for what was left; and what is left after them."""
    for opens, closes in cal.office_spans(day):
        for since, until in clock.runs(opens, closes):
            if until - since >= left:
                return (since + left).astimezone(UTC), left
            left -= until - since
    return None, left


def _with_hours(cal: Calendar, clock: Countdown) -> Iterator[Day]:
    remaining = clock.budget
    day = local_date(clock.started_at)
    while True:
        reason, name = _kind(cal, day)
        spans: list[tuple[datetime, datetime]] = []
        pause: Pause | None = None
        for opens, closes in cal.office_spans(day) if reason not in _OFF else ():
            begin = max(opens, clock.started_at)
            pause = pause or _pause_within(clock, begin, closes)
            for since, until in clock.runs(begin, closes):
                until = min(until, since + remaining)
                remaining -= until - since
                spans.append((since.astimezone(UTC), until))
                if not remaining:
                    break
            if not remaining:
                break
        counted = sum((until - since for since, until in spans), _NOTHING)
        if not counted and reason not in _OFF:
            reason = DayReason.PAUSED if pause else DayReason.AFTER_HOURS
        yield Day(
            day,
            reason,
            counted,
            not cal.covers(day),
            name if reason is not DayReason.PAUSED else None,
            pause.basis if pause else None,
            tuple(spans),
            due_at=spans[-1][1].astimezone(UTC) if not remaining else None,
        )
        if not remaining:
            return
        day += ONE_DAY


def _pause_within(clock: Countdown, begin: datetime, end: datetime) -> Pause | None:
    """The first that takes time out of these office hours."""
    for pause in clock.pauses:
        if max(begin, pause.since) < (end if pause.until is None else min(end, pause.until)):
            return pause
    return None


_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_OFF = frozenset({DayReason.WEEKEND, DayReason.HOLIDAY})


def _kind(cal: Calendar, day: date) -> tuple[DayReason, str | None]:
    if is_working_day(cal, day):
        name = cal.workdays.get(day)
        return (DayReason.WORKDAY, None) if name is None else (DayReason.MAKE_UP_WORKDAY, name)
    name = holiday_name(cal, day)
    return (DayReason.WEEKEND, None) if name is None else (DayReason.HOLIDAY, name)
