"""Percentiles, ratios, and which bounds a run keeps."""

from dataclasses import replace

import pytest

from bench.contestants import Tally
from bench.histories import COUNTED, Costs
from bench.legs import Leg
from bench.statistics import median_ratio, percentile
from bench.verdict import Findings, bounds


def leg(name: str, per_second: float, decision_s: float) -> Leg:
    return Leg(name, per_second, Tally(decisions=[decision_s] * 10), {"API": 0.01}, 0.0)


def costs(activities: int) -> Costs:
    most = dict.fromkeys(COUNTED, activities)
    return Costs({name: float(number) for name, number in most.items()}, most)


GOOD = Findings(
    pairs=[{"raw": leg("raw", 20, 1.0), "services": leg("services", 18, 0.1), "http": leg("http", 14, 0.1)}],
    handoffs=[0.02] * 100,
    raw_costs=costs(3),
    our_costs=costs(2),
)


def missed(found: Findings) -> list[str]:
    return [bound.says for bound in bounds(found) if not bound.met and not bound.goal]


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile(values, 1) == 100
    assert percentile([3.0], 0.5) == 3
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_the_ratio_is_the_median_of_pairs_not_of_sums() -> None:
    assert median_ratio([10, 10, 30], [20, 10, 100]) == 0.5
    with pytest.raises(ValueError, match="argument"):
        median_ratio([1], [1, 2])


def test_a_good_run_keeps_all() -> None:
    assert missed(GOOD) == []


@pytest.mark.parametrize(
    ("worse", "named"),
    [
        ({"pairs": [{**GOOD.pairs[0], "services": leg("services", 15.9, 0.1)}]}, "不经 HTTP"),
        ({"pairs": [{**GOOD.pairs[0], "http": leg("http", 12.9, 0.1)}]}, "经 HTTP 的办件速度"),
        ({"pairs": [{**GOOD.pairs[0], "http": leg("http", 14, 0.21)}]}, "中位耗时"),
        ({"handoffs": [0.02] * 90 + [1.01] * 10}, "下一部门"),
        ({"our_costs": costs(3)}, "活动"),
    ],
)
def test_each_bound_is_named_when_missed(worse: dict[str, object], named: str) -> None:
    says = missed(replace(GOOD, **worse))  # type: ignore[arg-type]
    assert len(says) == 1
    assert named in says[0]


def test_the_goal_is_told_but_not_demanded() -> None:
    goal = next(bound for bound in bounds(GOOD) if bound.goal)
    assert not goal.met
