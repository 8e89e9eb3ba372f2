"""A circuit breaker as pure state: the caller brings the time and reports how its attempt went.

A counterpart that failed `threshold` times in a row is left alone for `cool_off_s`; then one attempt tries it, and the
others go on waiting until that one is back. Attempts admitted before the last change of state have no say any more.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    threshold: int = 5
    cool_off_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to make one attempt, to be handed back by `succeeded`, `failed` or `abandoned`."""

    era: int


@dataclass(frozen=True, slots=True)
class Wait:
    """No attempt for so many seconds."""

    seconds: float


class Breaker:
    def __init__(self, policy: BreakerPolicy) -> None:
        self._policy = policy
        self._state = BreakerState.CLOSED
        self._failures = 0
        self._opened_at: datetime | None = None
        self._era = 0  # counts changes of state

    @property
    def state(self) -> BreakerState:
        return self._state

    def admit(self, now: datetime) -> Permit | Wait:
        cool_off = self._policy.cool_off_s
        if self._state is BreakerState.HALF_OPEN:
            return Wait(cool_off)
        if self._state is BreakerState.OPEN and self._opened_at is not None:
            passed = (now - self._opened_at).total_seconds()
            if 0 <= passed < cool_off:  # a clock that was set back must not keep it open for hours
                return Wait(cool_off - passed)
            self._become(BreakerState.HALF_OPEN)
        return Permit(self._era)

    def succeeded(self, permit: Permit) -> None:
        if permit.era == self._era:
            self._failures = 0
            if self._state is BreakerState.HALF_OPEN:
                self._become(BreakerState.CLOSED)

    def failed(self, permit: Permit, now: datetime) -> None:
        if permit.era == self._era:
            self._failures += 1
            if self._state is BreakerState.HALF_OPEN or self._failures >= self._policy.threshold:
                self._opened_at = now
                self._become(BreakerState.OPEN)

    def abandoned(self, permit: Permit) -> None:
        """The attempt ended without telling how the counterpart is; if it was the trial, the next one tries."""
        if permit.era == self._era and self._state is BreakerState.HALF_OPEN:
            self._become(BreakerState.OPEN)

    def _become(self, state: BreakerState) -> None:
        self._state = state
        self._failures = 0
        self._era += 1
