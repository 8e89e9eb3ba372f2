"""Token buckets: a burst at once, then one call in so many seconds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, OneThingError


class TooManyRequests(OneThingError):
    """`retry_after`: whole seconds until the next request is allowed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(FailureCode.TOO_MANY_REQUESTS, f"请求过于频繁，请在{retry_after}秒后重试。")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, then one every `every_s` seconds."""

    burst: int
    every_s: float

    def __post_init__(self) -> None:
        if self.burst < 1 or self.every_s <= 0:
            raise ValueError("a rate needs a burst of at least 1 and a positive interval")


@dataclass(frozen=True)
class Bucket:
    tokens: float
    at: datetime


def full(rate: Rate, now: datetime) -> Bucket:
    return Bucket(float(rate.burst), now)


def take(bucket: Bucket, rate: Rate, now: datetime) -> tuple[Bucket, float]:
    """The bucket after one request, and how many seconds the request came too early (0: it is allowed)."""
    # a clock set back must neither drain the bucket nor, once it has caught up, fill it twice
    elapsed = max(0.0, (now - bucket.at).total_seconds())
    tokens = min(float(rate.burst), bucket.tokens + elapsed / rate.every_s)
    at = max(now, bucket.at)
    if tokens >= 1:
        return Bucket(tokens - 1, at), 0.0
    return Bucket(tokens, at), (1 - tokens) * rate.every_s


class RateLimiter:
    """A bucket per key and rate (one of the minute, one of the day), in this process only: with N API processes a
    caller gets up to N times the rates."""

    def __init__(self, rates: Sequence[Rate], clock: TimeSource, *, max_keys: int = 100_000) -> None:
        """Beyond `max_keys` the key unused for longest is forgotten, so memory stays bounded under a flood."""
        self._rates = tuple(rates)
        self._clock = clock
        self._buckets: LRUCache[str, tuple[Bucket, ...]] = LRUCache(max_keys)

    def take(self, key: str) -> int:
        """Counts one call of `key`: 0, or in how many whole seconds the next is allowed. A refused call costs nothing,
        in no bucket."""
        now = self._clock.now()
        buckets = self._buckets.get(key) or tuple(full(rate, now) for rate in self._rates)
        taken = [take(bucket, rate, now) for bucket, rate in zip(buckets, self._rates, strict=True)]
        wait = max(wait for _, wait in taken)
        self._buckets[key] = tuple(bucket for bucket, _ in taken) if wait == 0 else buckets
        return math.ceil(wait)

    def give_back(self, key: str) -> None:
        """What was counted last came to nothing."""
        buckets = self._buckets.get(key)
        if buckets is None:  # forgotten meanwhile
            return
        self._buckets[key] = tuple(
            Bucket(min(float(rate.burst), bucket.tokens + 1), bucket.at)
            for bucket, rate in zip(buckets, self._rates, strict=True)
        )
