"""Rate limits by the injected clock: never more than burst and refill allow, never a wait longer than needed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.security.rate_limit import Rate, RateLimiter, full, take
from tests.security.clock import MovableClock

START = datetime(2026, 11, 20, tzinfo=UTC)
rates = st.builds(Rate, burst=st.integers(1, 10), every_s=st.floats(0.1, 60))
gaps = st.lists(st.floats(0, 30), max_size=60)


@given(rate=rates, between=gaps)
def test_no_more_than_burst_and_refill_pass(rate: Rate, between: list[float]) -> None:
    bucket, now, passed = full(rate, START), START, 0
    for gap in between:
        now += timedelta(seconds=gap)
        bucket, wait = take(bucket, rate, now)
        passed += wait == 0
        assert passed <= rate.burst + (now - START).total_seconds() / rate.every_s + 1e-6


@given(rate=rates, between=gaps)
def test_who_waits_as_told_passes(rate: Rate, between: list[float]) -> None:
    bucket, now = full(rate, START), START
    for gap in between:
        now += timedelta(seconds=gap)
        bucket, wait = take(bucket, rate, now)
        if wait > 0:
            now += timedelta(seconds=wait + 1e-3)
            bucket, wait = take(bucket, rate, now)
            assert wait == 0


@given(rate=rates, back=st.floats(0.001, 10_000))
def test_a_clock_set_back_and_forth_fills_nothing(rate: Rate, back: float) -> None:
    bucket = full(rate, START)
    for _ in range(rate.burst):
        bucket, _wait = take(bucket, rate, START)
    bucket, early = take(bucket, rate, START - timedelta(seconds=back))
    assert early > 0
    bucket, again = take(bucket, rate, START)
    assert again > 0


def test_a_clock_set_back_drains_nothing() -> None:
    rate = Rate(burst=2, every_s=10)
    bucket, _wait = take(full(rate, START), rate, START)
    bucket, wait = take(bucket, rate, START - timedelta(hours=1))
    assert wait == 0


def test_the_limiter_says_when_to_come_back() -> None:
    clock = MovableClock()
    limiter = RateLimiter([Rate(burst=3, every_s=10)], clock)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 0]
    clock.move(seconds=0.5)
    assert limiter.take("a") == 10
    assert limiter.take("b") == 0
    clock.move(seconds=10)
    assert [limiter.take("a") for _ in range(2)] == [0, 10]


def test_of_several_rates_the_slowest_counts_and_a_refused_call_costs_nothing_in_any() -> None:
    clock = MovableClock()
    limiter = RateLimiter([Rate(burst=2, every_s=30), Rate(burst=4, every_s=21_600)], clock)  # 2 a minute, 4 a day
    passed = 0
    for _ in range(200):
        passed += limiter.take("a") == 0
        clock.move(seconds=1)
    assert passed == 4
    clock.move(hours=1)
    assert 6 * 3600 - 3600 - 200 <= limiter.take("a") <= 6 * 3600 - 3600
    clock.move(days=2)
    for _ in range(50):
        limiter.take("a")  # of the minute's two
    clock.move(minutes=1)
    assert [limiter.take("a") for _ in range(2)] == [0, 0]  # the day's four are not gone with what was refused


def test_what_is_given_back_may_be_taken_again_and_no_more() -> None:
    limiter = RateLimiter([Rate(burst=1, every_s=10), Rate(burst=2, every_s=100)], MovableClock())
    for _ in range(5):
        assert limiter.take("a") == 0
        limiter.give_back("a")
    for _ in range(5):
        limiter.give_back("a")
    assert [limiter.take("a") > 0 for _ in range(2)] == [False, True]
    limiter.give_back("never seen")
    assert limiter.take("never seen") == 0


def test_memory_is_bounded_and_the_busy_stay_known() -> None:
    clock = MovableClock()
    limiter = RateLimiter([Rate(burst=1, every_s=10)], clock, max_keys=3)
    limiter.take("busy")
    for stranger in range(20):
        assert limiter.take(f"stranger {stranger}") == 0
        assert limiter.take("busy") == 10
    assert limiter.take("stranger 0") == 0


@pytest.mark.parametrize(("burst", "every_s"), [(0, 1), (1, 0), (1, -1)])
def test_a_rate_that_is_none_is_refused(burst: int, every_s: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        Rate(burst=burst, every_s=every_s)
