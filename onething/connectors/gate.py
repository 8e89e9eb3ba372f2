"""The way to one counterpart: a breaker and a limit. Nobody waits here; who can't pass is told when."""

from collections.abc import Iterator
from contextlib import contextmanager

from onething.connectors.breaker import Breaker, BreakerPolicy, BreakerState, Wait
from onething.connectors.retry_spread import RetrySpread
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Cause, SourceAnswerMalformed, SourceUnavailable

LIMIT_RETRY_S = 0.5
TURNS_PER_SECOND = 5.0
"""How many of those whom an open breaker holds up come again each second. Each costs about a tenth of a whole case."""
_IT_LIVES = frozenset({Cause.THROTTLED, Cause.IN_PROGRESS})
_OUR_OWN_LIMIT = Cause.LIMIT_FULL


class Gate:
    def __init__(self, name: str, at_once: int, policy: BreakerPolicy, clock: TimeSource) -> None:
        self._name = name
        self._at_once = at_once
        self._clock = clock
        self._running = 0
        self.breaker = Breaker(policy)
        self._after_limit = RetrySpread(at_once / LIMIT_RETRY_S)
        self._after_breaker = RetrySpread(TURNS_PER_SECOND)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one attempt; raises SourceUnavailable with `retry_after` if there may be none now."""
        if self._running >= self._at_once:
            wait_s = self._after_limit.take(self._clock.now(), LIMIT_RETRY_S)
            raise SourceUnavailable(self._name, Cause.LIMIT_FULL, wait_s)
        now = self._clock.now()
        admitted = self.breaker.admit(now)
        if isinstance(admitted, Wait):
            raise SourceUnavailable(self._name, Cause.BREAKER_OPEN, self._after_breaker.take(now, admitted.seconds))
        if self.breaker.state is BreakerState.CLOSED:
            self._after_breaker.forget()
        self._running += 1
        try:
            yield
        except SourceAnswerMalformed:
            self.breaker.failed(admitted, self._clock.now())
            raise
        except SourceUnavailable as unavailable:
            if unavailable.cause in _IT_LIVES:
                self.breaker.succeeded(admitted)
            elif unavailable.cause is _OUR_OWN_LIMIT:
                self.breaker.abandoned(admitted)
            else:
                self.breaker.failed(admitted, self._clock.now())
            raise
        except BaseException:
            self.breaker.abandoned(admitted)
            raise
        else:
            self.breaker.succeeded(admitted)
        finally:
            self._running -= 1
