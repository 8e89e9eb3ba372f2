"""How long things took, as counts in buckets that grow by the fourth root of two: sums of any number of workers and
hours stay small, and a percentile read from them is at most a fifth too high."""

from collections.abc import Mapping
from math import ceil, log2

_AN_OCTAVE = 4
_SHORTEST_S = 0.001


def bucket_of(seconds: float) -> int:
    """That of the smallest length that is not below it; whatever is shorter than a millisecond counts as that."""
    return ceil(_AN_OCTAVE * log2(max(seconds, _SHORTEST_S)))


def quantile_s(counts: Mapping[int, int], percent: int) -> float | None:
    """Seconds that at least so many percent (1 to 100) did not exceed; None of nothing. `counts`: bucket → how many."""
    left = ceil(sum(counts.values()) * percent / 100)
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left <= 0:
            return round(2 ** (bucket / _AN_OCTAVE), 3)
    return None
