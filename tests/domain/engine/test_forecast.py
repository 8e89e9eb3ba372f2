"""What is left of a case: by example, and the days of a forecast against a minute-by-minute count."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import is_working_day
from onething.domain.calendar.statistics import Forecast
from onething.domain.definition.time_rules import ClockRules
from onething.domain.engine.forecast import Dates, RemainingTime, dates, day_after, remaining, used_days
from onething.domain.events.deadlines import ClockSuspended
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, MINUTE, MONDAY, Case, item, make_plan

PLAN = make_plan(
    item("a", pauses=tuple(PauseBasis)),
    item("b", needs=["a"]),
    item("c"),
    item("d", needs=["b", "c"]),
    clocks=ClockRules(),
)
USUAL = {
    "a": Forecast(40, 1.0, 3.0),
    "b": Forecast(40, 2.0, 2.5),
    "c": Forecast(40, 4.0, 5.0),
    "d": Forecast(40, 1.0, 1.0),
}


def accepted(plan: Plan = PLAN) -> Case:
    case = Case(plan)
    case.accept()
    return case


def left(state: CaseState, at: datetime, usual: dict[str, Forecast] = USUAL) -> RemainingTime | None:
    return remaining(CALENDAR, PLAN, state, usual, at).whole


def test_the_longest_chain_of_what_is_left() -> None:
    case = accepted()
    assert left(case.state, MONDAY) == RemainingTime(5.0, 6.5)  # by c and d, and by a, b and d
    assert left(case.state, MONDAY + DAY) == RemainingTime(4.0, 5.5)  # a and c have used a day of theirs
    assert left(case.state, MONDAY + 30 * DAY) == RemainingTime(3.0, 3.5)  # only b and d have yet to begin
    case.approve("a")
    case.approve("c")
    assert left(case.state, MONDAY) == RemainingTime(3.0, 3.5)


def test_one_item_that_too_little_is_known_of_makes_the_case_silent() -> None:
    told = remaining(CALENDAR, PLAN, accepted().state, USUAL | {"b": Forecast(29)}, MONDAY)
    assert (told.whole, told.silent) == (None, ("b",))
    assert told.items["a"] == RemainingTime(1.0, 3.0)


def test_nothing_is_left_of_a_case_without_open_items() -> None:
    case = accepted()
    for code in "acbd":
        case.approve(code)
    told = remaining(CALENDAR, PLAN, case.state, USUAL, MONDAY)
    assert (told.whole, told.silent, dict(told.items)) == (None, (), {})


def test_time_that_stands_still_is_not_used_and_has_no_date() -> None:
    case = accepted()
    case.wait(DAY)
    case.say(ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=5, notice="notice:1"))
    assert used_days(CALENDAR, case.state, "a", MONDAY + DAY) == 1.0
    assert used_days(CALENDAR, case.state, "a", MONDAY + 9 * DAY) == 1.0
    assert used_days(CALENDAR, case.state, "c", MONDAY + 9 * DAY) == 7.0
    assert used_days(CALENDAR, case.state, "b", MONDAY + 9 * DAY) == 0.0
    assert remaining(CALENDAR, PLAN, case.state, USUAL, MONDAY + 9 * DAY).standing == ("a",)


@pytest.mark.parametrize(
    ("at", "days", "on"),
    [
        (MONDAY, 0.0, date(2026, 3, 2)),
        (MONDAY, 1.0, date(2026, 3, 2)),  # as offices close
        (MONDAY + HOUR, 1.0, date(2026, 3, 3)),
        (MONDAY, 5.1, date(2026, 3, 9)),  # over the weekend
        (MONDAY + 9 * HOUR, 0.0, date(2026, 3, 3)),  # closed already
        (MONDAY + 5 * DAY, 0.0, date(2026, 3, 9)),
        (MONDAY, 1e9, date(2036, 2, 28)),
    ],
)
def test_the_day_on_which_so_many_working_days_have_passed(at: datetime, days: float, on: date) -> None:
    assert day_after(CALENDAR, at, days) == on


def test_dates_beyond_the_coverage_are_provisional() -> None:
    assert dates(CALENDAR, RemainingTime(1.0, 2.0), MONDAY) == Dates(
        date(2026, 3, 2), date(2026, 3, 3), provisional=False
    )
    assert dates(LATER, RemainingTime(1.0, 2.0), MONDAY) == Dates(date(2026, 3, 2), date(2026, 3, 4), provisional=False)
    assert dates(CALENDAR, RemainingTime(1.0, 250.0), MONDAY).provisional


@given(st.integers(0, 20 * 24 * 60), st.integers(0, 60))
def test_that_day_is_what_a_count_of_minutes_finds(minutes: int, tenths: int) -> None:
    at = MONDAY + minutes * MINUTE
    wanted, counted, day = tenths * 36, 0, at
    while True:
        local = day + timedelta(hours=8)
        is_open = is_working_day(LATER, local.date()) and (9 <= local.hour < 12 or 14 <= local.hour < 17)
        counted += is_open
        if is_open and counted >= max(wanted, 1):
            break
        day += MINUTE
    assert day_after(LATER, at, tenths / 10) == (day + timedelta(hours=8)).date()
