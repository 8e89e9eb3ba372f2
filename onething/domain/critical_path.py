"""Which items hold up the whole case: those on a longest chain of promised limits."""

from collections.abc import Mapping, Sequence
from functools import cache

from onething.domain.limits import Limit
from onething.domain.plan import PlanItem


def longest_chain(promised: Mapping[str, Limit], needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """One chain, first item first, that no other exceeds; `needs` name only items that are promised."""

    @cache
    def until(code: str) -> tuple[int, tuple[str, ...]]:
        length, before = max(map(until, needs[code]), key=lambda chain: chain[0], default=(0, ()))
        return length + promised[code].weight, (*before, code)

    return max(map(until, promised), key=lambda chain: chain[0])[1] if promised else ()


def critical_items(items: Sequence[PlanItem]) -> tuple[str, ...]:
    """In plan order. Several chains may be the longest; whoever delays an item of any of them delays the case."""
    by_code = {item.code: item for item in items}

    @cache
    def until(code: str) -> int:
        """Of the longest chain that ends with the item."""
        item = by_code[code]
        return item.promised.weight + max(map(until, item.needs_items), default=0)

    @cache
    def since(code: str) -> int:
        """Of the longest chain that begins with the item."""
        after = (other.code for other in items if code in other.needs_items)
        return by_code[code].promised.weight + max(map(since, after), default=0)

    longest = max(map(until, by_code), default=0)
    return tuple(item.code for item in items if until(item.code) + since(item.code) - item.promised.weight == longest)
