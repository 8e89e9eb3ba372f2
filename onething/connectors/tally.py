"""What one worker saw of the data sources since it last told. Counts only: of whom was asked nothing is known here."""

from collections import Counter
from datetime import datetime

from onething.domain.calendar.histogram import bucket_of
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Cause, SourceAnswerMalformed, SourceUnavailable
from onething.domain.sources.source import Counts, Seen

_NEVER_LEFT_THE_HOUSE = frozenset({Cause.LIMIT_FULL, Cause.BREAKER_OPEN})
_IT_LIVES = frozenset({Cause.IN_PROGRESS, Cause.THROTTLED})


class AttemptTally:
    def __init__(self, clock: TimeSource) -> None:
        self._clock = clock
        self._counts: Counter[tuple[str, Seen, int]] = Counter()

    def answered(self, source: str, asked_at: datetime | None, as_of: datetime) -> None:
        now = self._clock.now()
        self._add(source, Seen.ANSWERED)
        self._add(source, Seen.AGE, bucket_of((now - as_of).total_seconds()))
        self._waited(source, asked_at, now)

    def refused(self, source: str, asked_at: datetime | None) -> None:
        self._add(source, Seen.REFUSED)
        self._waited(source, asked_at, self._clock.now())

    def unavailable(self, source: str, failure: SourceUnavailable | SourceAnswerMalformed) -> None:
        cause = failure.cause if isinstance(failure, SourceUnavailable) else None
        if cause not in _NEVER_LEFT_THE_HOUSE:
            self._add(source, Seen.NOT_YET if cause in _IT_LIVES else Seen.FAILED)

    def taken(self) -> Counts:
        """All since the last time."""
        counts, self._counts = self._counts, Counter()
        return counts

    def put_back(self, counts: Counts) -> None:
        """What could not be told."""
        self._counts.update(counts)

    def _waited(self, source: str, asked_at: datetime | None, now: datetime) -> None:
        if asked_at is not None:
            self._add(source, Seen.WAITED, bucket_of((now - asked_at).total_seconds()))

    def _add(self, source: str, seen: Seen, bucket: int = 0) -> None:
        self._counts[source, seen, bucket] += 1
