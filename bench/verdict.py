"""What was measured, and the bounds that it has to keep. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.histories import ACTIVITIES, Costs
from bench.legs import Leg
from bench.statistics import median_ratio, percentile

WITHOUT_HTTP, WITH_HTTP, GOAL_WITH_HTTP = 0.8, 0.65, 0.8
TIMES_QUICKER = 5.0
VISIBLE_WITHIN_S = 1.0
MOST_ACTIVITIES = 2

Pair = Mapping[str, Leg]
"""Legs that ran next to each other, by contestant: raw-at-once, raw, services, http."""


@dataclass(frozen=True)
class Bound:
    """`says` is for people; `goal` bounds are told but not demanded."""

    says: str
    met: bool
    goal: bool = False


@dataclass(frozen=True)
class Findings:
    """`handoffs`: seconds from a decision to the next department's queue."""

    pairs: Sequence[Pair]
    handoffs: Sequence[float]
    raw_costs: Costs
    our_costs: Costs

    def decisions(self, name: str) -> list[float]:
        """Of all pairs, in seconds."""
        return [one for pair in self.pairs for one in pair[name].tally.decisions]

    def rates(self, name: str) -> list[float]:
        return [pair[name].per_second for pair in self.pairs]

    def ratio(self, name: str, to: str = "raw") -> float:
        return median_ratio(self.rates(name), self.rates(to))

    def cpu(self, name: str) -> dict[str, float]:
        """Group → mean processor seconds a case."""
        groups = self.pairs[0][name].cpu
        return {group: sum(pair[name].cpu[group] for pair in self.pairs) / len(self.pairs) for group in groups}


def bounds(found: Findings) -> list[Bound]:
    services, http = found.ratio("services"), found.ratio("http")
    quicker = percentile(found.decisions("raw"), 0.5) / percentile(found.decisions("http"), 0.5)
    visible = percentile(found.handoffs, 0.99)
    activities = found.our_costs.most[ACTIVITIES]
    return [
        Bound(f"不经 HTTP 的办件速度是 raw 的 {services:.2f} 倍，至少 {WITHOUT_HTTP}", services >= WITHOUT_HTTP),
        Bound(f"经 HTTP 的办件速度是 raw 的 {http:.2f} 倍，至少 {WITH_HTTP}", http >= WITH_HTTP),
        Bound(f"经 HTTP 的目标：{GOAL_WITH_HTTP} 倍（现 {http:.2f}）", http >= GOAL_WITH_HTTP, goal=True),
        Bound(f"作决定的中位耗时比 raw 快 {quicker:.1f} 倍，至少 {TIMES_QUICKER:.0f} 倍", quicker >= TIMES_QUICKER),
        Bound(
            f"决定之后下一部门 99% 在 {visible * 1000:.0f} ms 内看到待办，至多 {VISIBLE_WITHIN_S * 1000:.0f} ms",
            visible <= VISIBLE_WITHIN_S,
        ),
        Bound(f"每件至多 {activities} 个活动，上限 {MOST_ACTIVITIES}", activities <= MOST_ACTIVITIES),
    ]
