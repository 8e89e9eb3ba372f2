"""Token buckets for calls that anybody can make: sign-in and public progress."""

import math
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
    """One bucket per key, in this process only: with N API processes a caller gets up to N times the rate."""

    def __init__(self, rate: Rate, clock: TimeSource, *, max_keys: int = 100_000) -> None:
        """Beyond `max_keys` the key unused for longest is forgotten, so memory stays bounded under a flood."""
        self._rate = rate
        self._clock = clock
        self._buckets: LRUCache[str, Bucket] = LRUCache(max_keys)

    def check(self, key: str) -> None:
        """Counts one request of `key`. Raises TooManyRequests; a refused request costs nothing."""
        now = self._clock.now()
        bucket, wait = take(self._buckets.get(key) or full(self._rate, now), self._rate, now)
        self._buckets[key] = bucket
        if wait > 0:
            raise TooManyRequests(max(1, math.ceil(wait)))
