"""Calls per second of all workers together. Each leases a stretch of the source's time and spends it by itself, so that
most calls cost no round trip; stretches never overlap."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from onething.connectors.retry_spread import RetrySpread
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Cause, SourceUnavailable

_STRETCH_S = 1.0
AHEAD_S = 5.0
"""No stretch is leased that begins later: whoever leased it might be gone by then."""

Lease = Callable[[str, datetime, timedelta, timedelta], Awaitable[datetime | None]]
"""`(source, now, length, ahead)` → when the stretch leased begins, or None if that would be later than `ahead`."""


@dataclass(slots=True)
class _Stretch:
    begins: datetime
    ends: datetime
    left: int


class SharedRate:
    def __init__(self, lease: Lease, clock: TimeSource) -> None:
        self._lease = lease
        self._clock = clock
        self._stretches: dict[str, _Stretch] = {}
        self._leasing: dict[str, asyncio.Lock] = {}
        self._turns: dict[str, RetrySpread] = {}

    async def take(self, name: str, per_second: float) -> None:
        """One call. Raises SourceUnavailable LIMIT_FULL that says when to come again."""
        async with self._leasing.setdefault(name, asyncio.Lock()):
            now = self._clock.now()
            stretch = self._stretches.get(name)
            if stretch is None or stretch.left == 0 or now >= stretch.ends:
                stretch = await self._leased(name, per_second, now)
                self._stretches[name] = stretch
            if now < stretch.begins:
                raise self._full(name, per_second, now, (stretch.begins - now).total_seconds())
            stretch.left -= 1

    async def _leased(self, name: str, per_second: float, now: datetime) -> _Stretch:
        calls = max(1, int(per_second * _STRETCH_S))
        length = timedelta(seconds=calls / per_second)
        begins = await self._lease(name, now, length, timedelta(seconds=AHEAD_S))
        if begins is None:
            raise self._full(name, per_second, now, AHEAD_S)
        return _Stretch(begins, begins + length, calls)

    def _full(self, name: str, per_second: float, now: datetime, at_least_s: float) -> SourceUnavailable:
        """They come again no faster than the source may be asked."""
        turns = self._turns.setdefault(name, RetrySpread(per_second))
        return SourceUnavailable(name, Cause.LIMIT_FULL, turns.take(now, at_least_s))
