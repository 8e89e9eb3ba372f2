"""Rate limits by the injected clock: never more than burst and refill allow, never a wait longer than needed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode
from onething.security.rate_limit import Rate, RateLimiter, TooManyRequests, full, take
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
    limiter = RateLimiter(Rate(burst=3, every_s=10), clock)
    for _ in range(3):
        limiter.check("a")
    clock.move(seconds=0.5)
    with pytest.raises(TooManyRequests) as refusal:
        limiter.check("a")
    assert refusal.value.code is FailureCode.TOO_MANY_REQUESTS
    assert refusal.value.retry_after == 10
    limiter.check("b")
    clock.move(seconds=10)
    limiter.check("a")
    with pytest.raises(TooManyRequests):
        limiter.check("a")


def test_memory_is_bounded_and_the_busy_stay_known() -> None:
    clock = MovableClock()
    limiter = RateLimiter(Rate(burst=1, every_s=10), clock, max_keys=3)
    limiter.check("busy")
    for stranger in range(20):
        limiter.check(f"stranger {stranger}")
        with pytest.raises(TooManyRequests):
            limiter.check("busy")
    limiter.check("stranger 0")


@pytest.mark.parametrize(("burst", "every_s"), [(0, 1), (1, 0), (1, -1)])
def test_a_rate_that_is_none_is_refused(burst: int, every_s: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        Rate(burst=burst, every_s=every_s)
