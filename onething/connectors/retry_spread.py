"""Turns for those who may not try now. Each attempt costs the whole system something, also one that only learns that it
came too soon: however many wait for a counterpart, so many of them a second come again, and the others later."""

from datetime import datetime, timedelta

LONGEST_TURN_S = 300.0
"""Nobody is sent away for longer: who waits shall soon learn that the counterpart is back."""


class RetrySpread:
    def __init__(self, per_second: float) -> None:
        self._apart = timedelta(seconds=1 / per_second)
        self._next: datetime | None = None

    def take(self, now: datetime, at_least_s: float) -> float:
        """Seconds until the caller's turn, `at_least_s` or more; `LONGEST_TURN_S` at most, unless that is less."""
        soonest = now + timedelta(seconds=at_least_s)
        latest = now + timedelta(seconds=max(at_least_s, LONGEST_TURN_S))
        turn = soonest if self._next is None else min(max(self._next, soonest), latest)
        self._next = turn + self._apart
        return (turn - now).total_seconds()

    def forget(self) -> None:
        """What made them wait is over: whoever has to wait after this is the first again."""
        self._next = None
