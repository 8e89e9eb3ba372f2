"""When a case will probably be decided: what its items usually take, less what they have used, along the longest chain.

Everything is office time, counted in working days of the case's calendar, without pauses. Look-ups, and waiting for
what the applicant has yet to bring, are not in it: history knows only how long items were at their departments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from onething.domain.calendar.days import ONE_DAY, Calendar, is_working_day, local_date
from onething.domain.calendar.statistics import DecidedItem, Forecast, OfficeTime
from onething.domain.deadlines.clock_kinds import item_clock
from onething.domain.kernel.state import AT_DEPARTMENT, SETTLED, CaseState, ClockState
from onething.domain.plan.plan import Plan, PlanItem

_NOTHING = timedelta()
_FARTHEST = 3650


@dataclass(frozen=True, slots=True)
class RemainingTime:
    """From now on: with half, and with nine of ten, of the like no more than this was left to do."""

    p50_days: float
    p90_days: float


@dataclass(frozen=True, slots=True)
class Dates:
    """`provisional`: beyond what the calendar covers."""

    p50_on: date
    p90_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a case. `items`: of those not settled that history says enough about. `silent`: those of which it
    does not, and while there are any there is no `whole`. `standing`: those whose time stands still, so that nobody
    knows a date."""

    items: Mapping[str, RemainingTime]
    silent: tuple[str, ...]
    standing: tuple[str, ...]
    whole: RemainingTime | None


def unsettled(plan: Plan, state: CaseState) -> tuple[PlanItem, ...]:
    """In plan order."""
    return tuple(item for item in plan.items if state.items[item.code].state not in SETTLED)


def remaining(cal: Calendar, plan: Plan, state: CaseState, usual: Mapping[str, Forecast], now: datetime) -> Remaining:
    """`usual`: item → what the latest decisions of the like say. The ninth tenths of a chain are added up, as if
    everything took long at once: rather too late a date than too early a one (assumed)."""
    items = unsettled(plan, state)
    spans: dict[str, RemainingTime] = {}
    for item in items:
        told = usual.get(item.code)
        if told is not None and told.p50_days is not None and told.p90_days is not None:
            used = used_days(cal, state, item.code, now)
            spans[item.code] = RemainingTime(_rest(told.p50_days, used), _rest(told.p90_days, used))
    silent = tuple(item.code for item in items if item.code not in spans)
    whole = None
    if items and not silent:
        whole = RemainingTime(
            _longest(items, {code: span.p50_days for code, span in spans.items()}),
            _longest(items, {code: span.p90_days for code, span in spans.items()}),
        )
    standing = tuple(item.code for item in items if _stands(state, item.code))
    return Remaining(spans, silent, standing, whole)


def used_days(cal: Calendar, state: CaseState, code: str, now: datetime) -> float:
    """Working days that the item has been at its department, without pauses, nor the time in which it was sent away; 0
    before it gets there."""
    clock = state.clocks.get(item_clock(code))
    if clock is None or state.items[code].state in SETTLED or now <= clock.started_at:
        return 0.0
    pauses = tuple((pause.since, min(pause.until or now, now)) for pause in clock.pauses if pause.since < now)
    hours = OfficeTime(cal, local_date(clock.started_at), local_date(now))
    return max(hours.used_by(DecidedItem(clock.started_at, now, pauses)) / hours.of_a_day, 0.0)


def dates(cal: Calendar, span: RemainingTime, now: datetime) -> Dates:
    """On which days so many working days from now end."""
    soon, late = (day_after(cal, now, days) for days in (span.p50_days, span.p90_days))
    return Dates(soon, late, provisional=late > cal.covered_until)


def day_after(cal: Calendar, now: datetime, days: float) -> date:
    """The day in whose office hours so many working days from now have passed, ten years ahead at most."""
    day = local_date(now)
    last = day + _FARTHEST * ONE_DAY
    left = days * sum((closes - opens for opens, closes in cal.office_spans(day)), _NOTHING)
    while day < last:
        if is_working_day(cal, day):
            for opens, closes in cal.office_spans(day):
                open_for = closes - max(opens, now)
                if open_for > _NOTHING and left <= open_for:
                    return day
                left -= max(open_for, _NOTHING)
        day += ONE_DAY
    return last


def _rest(usual: float, used: float) -> float:
    return round(max(usual - used, 0.0), 1)


def _stands(state: CaseState, code: str) -> bool:
    clock = state.clocks.get(item_clock(code))
    sent_away = state.items[code].state not in AT_DEPARTMENT
    return clock is not None and clock.state is ClockState.SUSPENDED and not sent_away


def _longest(items: Iterable[PlanItem], lengths: Mapping[str, float]) -> float:
    """Of all chains of items that wait for each other."""
    by_code = {item.code: item for item in items}

    @cache
    def until(code: str) -> float:
        needs = (need for need in by_code[code].needs_items if need in by_code)
        return lengths[code] + max(map(until, needs), default=0.0)

    return round(max(map(until, by_code)), 1)
