"""A clock that tests move."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **length: float) -> None:
        self.moment += timedelta(**length)
