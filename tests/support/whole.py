"""What doesn't fit into every run is sampled by a printed seed; `make test-all` runs it whole.

    @pytest.mark.parametrize("status", sampled(list(CaseStatus), 4))

A marker does it for tests of a file that differ in more than a parameter: of those that carry it, so many run.

    @pytest.mark.sampled(1)

The seed is the day's, unless ONETHING_TEST_SEED says another: all workers of a run choose alike, and a day's run can be
repeated. Hypothesis draws its examples by it, too.
"""

import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

One = TypeVar("One")

WHOLE = os.environ.get("ONETHING_TEST_ALL") == "1"
SEED = os.environ.setdefault("ONETHING_TEST_SEED", f"{datetime.now(UTC):%Y%m%d}")


def sampled(everything: Sequence[One], count: int) -> list[One]:
    """`count` of them in their order, or all under `make test-all`."""
    if WHOLE or count >= len(everything):
        return list(everything)
    chosen = random.Random(SEED).sample(range(len(everything)), count)
    return [everything[place] for place in sorted(chosen)]


def header() -> str:
    if WHOLE:
        return "onething: everything is run whole"
    return f"onething: sampled by ONETHING_TEST_SEED={SEED}; `make test-all` runs everything"
