"""What doesn't fit into every run is sampled by a printed seed; `make test-all` runs it whole.

    @pytest.mark.parametrize("status", sampled(list(CaseStatus), 4))
    @pytest.mark.parametrize(("path", "window"), sampled(list(product(PATHS, WINDOWS)), 8, kind=lambda one: one[0]))

Of each kind one runs at least. Only equals are sampled, which show the same of something else each: what one test alone
shows is always run.

A marker does it for tests of a file that differ in more than a parameter: of those that carry it, so many run. Of those
that name a family, so many of all files together.

    @pytest.mark.sampled(1)
    @pytest.mark.sampled(1, family="bench")

The seed is the day's, unless ONETHING_TEST_SEED says another: all workers of a run choose alike, and a day's run can be
repeated. Hypothesis draws its examples by it, too.
"""

import os
import random
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

One = TypeVar("One")

WHOLE = os.environ.get("ONETHING_TEST_ALL") == "1"
SEED = os.environ.setdefault("ONETHING_TEST_SEED", f"{datetime.now(UTC):%Y%m%d}")


def sampled(everything: Sequence[One], count: int, *, kind: Callable[[One], Hashable] | None = None) -> list[One]:
    """`count` of them in their order, and of each `kind` one at least; or all under `make test-all`."""
    assert count >= 1, "a family of which nothing runs shows nothing"
    if WHOLE or count >= len(everything):
        return list(everything)
    drawn = random.Random(SEED).sample(range(len(everything)), len(everything))
    first_of = {kind(everything[place]): place for place in reversed(drawn)} if kind else {}
    rest = [place for place in drawn if place not in first_of.values()]
    chosen = [*first_of.values(), *rest][: max(count, len(first_of))]
    return [everything[place] for place in sorted(chosen)]


def examples(count: int) -> int:
    """How many of a property's `count` are drawn: a quarter, or all under `make test-all`."""
    return count if WHOLE else max(1, count // 4)


def header() -> str:
    if WHOLE:
        return "onething: everything is run whole"
    return f"onething: sampled by ONETHING_TEST_SEED={SEED}; `make test-all` runs everything"
