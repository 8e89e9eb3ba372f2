"""Shares, quantiles and office time: by example, and against the definitions themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.calendar.limits import Limit, Unit
from onething.domain.calendar.statistics import (
    AT_LEAST,
    DecidedItem,
    Forecast,
    OfficeTime,
    forecast,
    promised_speed_up,
    quantile,
    share,
)
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, MINUTE, MONDAY

MARCH = OfficeTime(CALENDAR, date(2026, 3, 2), date(2026, 3, 31))
moments = st.integers(0, 20 * 24 * 60).map(lambda minutes: MONDAY + minutes * MINUTE)


def working_days(count: int) -> DecidedItem:
    """Opened on Monday at nine and decided as that many working days of six hours had passed."""
    weeks, days = divmod(count, 5)
    return DecidedItem(MONDAY, MONDAY + (7 * weeks + days) * DAY)


@pytest.mark.parametrize(("part", "whole", "told"), [(0, 0, None), (0, 3, 0.0), (1, 3, 0.3333), (3, 3, 1.0)])
def test_a_share_of_nothing_is_none(part: int, whole: int, told: float | None) -> None:
    assert share(part, whole) == told


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (10, 1), (11, 2), (50, 5), (90, 9), (91, 10), (100, 10)])
def test_the_nearest_rank(percent: int, value: int) -> None:
    assert quantile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], percent) == value


@given(values=st.lists(st.floats(0, 1e6), min_size=1), percent=st.integers(1, 100))
def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[float], percent: int) -> None:
    found = quantile(values, percent)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


@pytest.mark.parametrize("percent", [0, 101, -1])
def test_no_quantile_of_nothing_or_beyond_all(percent: int) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile([1.0], percent)
    with pytest.raises(ValueError, match="quantile"):
        quantile([], 50)


@pytest.mark.parametrize(
    ("promised", "statutory", "told"),
    [
        (Limit(amount=5), Limit(amount=20), 0.75),
        (Limit(amount=0), Limit(amount=1), 1.0),
        (Limit(amount=5), Limit(amount=7, unit=Unit.CALENDAR_DAY), 0.0),
        (Limit(amount=7, unit=Unit.WORKING_HOUR), Limit(amount=2), 0.5),
        (Limit(amount=0), Limit(amount=0), None),
    ],
)
def test_speed_up_of_the_promise(promised: Limit, statutory: Limit, told: float | None) -> None:
    assert promised_speed_up(promised, statutory) == told


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (MONDAY, MONDAY + 8 * HOUR, 6),  # from nine to five, with two hours off at noon
        (MONDAY - HOUR, MONDAY + HOUR, 1),
        (MONDAY + 4 * HOUR, MONDAY + 6 * HOUR, 1),  # from one to three
        (MONDAY, MONDAY + 7 * DAY, 30),
        (MONDAY + 5 * DAY, MONDAY + 6 * DAY, 0),  # a Saturday
        (MONDAY + DAY, MONDAY, 0),
    ],
)
def test_office_time(begin: datetime, end: datetime, hours: int) -> None:
    assert MARCH.between(begin, end) == hours * HOUR


def test_holidays_are_no_office_time() -> None:
    closed = OfficeTime(LATER, date(2026, 3, 2), date(2026, 3, 6))  # the third is a day off
    assert closed.between(MONDAY, MONDAY + 2 * DAY) == 6 * HOUR


@given(moments, moments)
def test_office_time_is_what_a_minute_by_minute_count_finds(one: datetime, other: datetime) -> None:
    begin, end = sorted((one, other))
    local = (begin + timedelta(hours=8) + n * MINUTE for n in range(int((end - begin) / MINUTE)))
    counted = sum(at.weekday() < 5 and (9 <= at.hour < 12 or 14 <= at.hour < 17) for at in local)
    assert MARCH.between(begin, end) == counted * MINUTE


def test_pauses_are_not_counted() -> None:
    week = DecidedItem(MONDAY, MONDAY + 7 * DAY, ((MONDAY + DAY, MONDAY + 3 * DAY),))
    assert MARCH.used_by(week) == 18 * HOUR


def test_a_forecast_is_silent_below_its_sample() -> None:
    few = [working_days(3)] * (AT_LEAST - 1)
    assert forecast(CALENDAR, few, Limit(amount=20)) == Forecast(AT_LEAST - 1)
    assert forecast(CALENDAR, []) == Forecast(0)


def test_a_forecast_tells_half_and_nine_of_ten() -> None:
    handled = [working_days(count) for count in range(1, 11)] * 3
    told = forecast(CALENDAR, handled, Limit(amount=20))
    assert told == Forecast(30, p50_days=5.0, p90_days=9.0, speed_up=0.725)  # 5.5 of 20 days on average
    assert forecast(CALENDAR, handled).speed_up is None


@given(st.lists(st.integers(0, 200), min_size=AT_LEAST, max_size=60))
def test_what_is_paused_does_not_move_a_forecast(counts: list[int]) -> None:
    plain = [working_days(count) for count in counts]
    began = datetime(2025, 12, 1, 1, tzinfo=UTC)  # paused for weeks before anything was done
    paused = [DecidedItem(began, one.closed_at, ((began, MONDAY),)) for one in plain]
    assert forecast(CALENDAR, paused) == forecast(CALENDAR, plain)
    told = forecast(CALENDAR, plain)
    assert told.p50_days is not None
    assert told.p90_days is not None
    assert told.p50_days <= told.p90_days
