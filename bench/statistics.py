"""Percentiles and ratios. Pure."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1] of all values don't exceed. ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def median_ratio(ours: Sequence[float], raws: Sequence[float]) -> float:
    """Median of the ratios of pairs that ran next to each other."""
    return median(our / raw for our, raw in zip(ours, raws, strict=True))
