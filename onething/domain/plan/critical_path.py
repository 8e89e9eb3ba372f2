"""What holds up the whole case: items, inspections, and periods in which no authority decides, on a longest chain."""

from collections.abc import Mapping, Sequence
from functools import cache

from onething.domain.calendar.limits import Limit
from onething.domain.plan.plan import PlanInspection, PlanItem, PlanPeriod


def critical_nodes(
    items: Sequence[PlanItem], periods: Sequence[PlanPeriod] = (), inspections: Sequence[PlanInspection] = ()
) -> tuple[str, ...]:
    """In plan order, items first. Several chains may be the longest; whoever delays an item of any delays the case."""
    waiting: tuple[PlanItem | PlanPeriod, ...] = (*items, *periods)
    needs = {one.code: (*one.needs_items, *one.needs_periods, *one.needs_inspections) for one in waiting}
    lengths = {item.code: item.promised for item in items} | {period.code: period.length for period in periods}
    return critical(
        lengths | {inspection.code: inspection.limit for inspection in inspections},
        needs | {inspection.code: inspection.needs_items for inspection in inspections},
    )


def critical(promised: Mapping[str, Limit], needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """As `critical_nodes`, in the order of `promised`; `needs` name only items that are promised."""

    @cache
    def until(code: str) -> int:
        """Of the longest chain that ends with the item."""
        return promised[code].weight + max(map(until, needs[code]), default=0)

    @cache
    def since(code: str) -> int:
        """Of the longest chain that begins with the item."""
        after = (other for other in promised if code in needs[other])
        return promised[code].weight + max(map(since, after), default=0)

    longest = max(map(until, promised), default=0)
    return tuple(code for code in promised if until(code) + since(code) - promised[code].weight == longest)


def longest_chain(promised: Mapping[str, Limit], needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """One of them, first item first."""

    @cache
    def until(code: str) -> tuple[int, tuple[str, ...]]:
        length, before = max(map(until, needs[code]), key=lambda chain: chain[0], default=(0, ()))
        return length + promised[code].weight, (*before, code)

    return max(map(until, promised), key=lambda chain: chain[0])[1] if promised else ()
