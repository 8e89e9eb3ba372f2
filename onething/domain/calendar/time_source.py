"""Time as the rules see it: aware UTC datetimes handed in by somebody else."""

from datetime import UTC, datetime
from typing import Protocol


class TimeSource(Protocol):
    """Where a process takes the time from; tests hand in one they can move."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
