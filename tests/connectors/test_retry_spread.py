"""Those who wait come again one after another, however many they are."""

import heapq
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.retry_spread import LONGEST_TURN_S, RetrySpread

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_one_after_another_from_the_moment_it_may_be_tried_again() -> None:
    turns = RetrySpread(per_second=10)
    assert [turns.take(BEGAN, 5) for _ in range(3)] == [5, 5.1, 5.2]
    assert turns.take(BEGAN + timedelta(seconds=60), 5) == 5, "a queue that is over delays nobody"


def test_forgotten_when_what_made_them_wait_is_over() -> None:
    turns = RetrySpread(per_second=1)
    for _ in range(50):
        turns.take(BEGAN, 5)
    turns.forget()
    assert turns.take(BEGAN, 5) == 5


@given(st.integers(1, 4000), st.floats(0.5, 50), st.floats(0, 400))
def test_never_sooner_than_may_be_and_never_far_away(waiting: int, per_second: float, at_least_s: float) -> None:
    turns = RetrySpread(per_second)
    told = [turns.take(BEGAN, at_least_s) for _ in range(waiting)]
    latest = max(at_least_s, LONGEST_TURN_S)
    assert all(at_least_s - 1e-6 <= wait <= latest + 1e-6 for wait in told)
    before_the_last = [wait for wait in told if wait < latest - 1 / per_second]
    within_a_second = sum(wait < at_least_s + 1 - 1e-6 for wait in before_the_last)
    assert within_a_second <= per_second + 1


def test_an_hour_without_an_answer_costs_a_bounded_number_of_attempts() -> None:
    """5,000 wait, and each comes when it was told to."""
    turns, attempts = RetrySpread(per_second=10), 0
    coming = [0.0] * 5000
    while coming[0] < 3600:
        at = heapq.heappop(coming)
        heapq.heappush(coming, at + turns.take(BEGAN + timedelta(seconds=at), 5))
        attempts += 1
    assert attempts <= 5000 + 3600 * 5000 / LONGEST_TURN_S
