"""The way to one counterpart: a breaker and a limit. Nobody waits here; who can't pass is told when."""

from collections.abc import Iterator
from contextlib import contextmanager

from onething.connectors.breaker import Breaker, BreakerPolicy, Wait
from onething.domain.outside import Cause, SourceAnswerMalformed, SourceUnavailable
from onething.domain.timing import Clock

LIMIT_RETRY_S = 0.5
_IT_LIVES = frozenset({Cause.THROTTLED, Cause.IN_PROGRESS})
_OUR_OWN_LIMIT = Cause.LIMIT_FULL


class Gate:
    def __init__(self, name: str, at_once: int, policy: BreakerPolicy, clock: Clock) -> None:
        self._name = name
        self._at_once = at_once
        self._clock = clock
        self._running = 0
        self.breaker = Breaker(policy)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one attempt; raises SourceUnavailable with `retry_after` if there may be none now."""
        if self._running >= self._at_once:
            raise SourceUnavailable(self._name, Cause.LIMIT_FULL, LIMIT_RETRY_S)
        admitted = self.breaker.admit(self._clock.now())
        if isinstance(admitted, Wait):
            raise SourceUnavailable(self._name, Cause.BREAKER_OPEN, admitted.seconds)
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
