"""Promises stay within the law, and within what the bundle as a whole promises."""

from collections.abc import Mapping

from definitions.lint.checked import Checked
from onething.domain.definition import ItemKind
from onething.domain.limits import Limit
from onething.domain.plan import Plan


def nominal_days(limit: Limit) -> float:
    """Calendar days in an ordinary week of five working days of seven hours: only for comparing limits."""
    return limit.weight / 5


def check(checked: Checked) -> None:
    definition = checked.definition
    if nominal_days(definition.promised) > nominal_days(definition.statutory):
        checked.say(("promised",), "承诺时限长于法定时限。", "缩短 promised，或核对 statutory。")
    for index, item in enumerate(definition.items):
        if nominal_days(item.promised) > nominal_days(item.statutory):
            checked.say(("items", index, "promised"), "承诺时限长于法定时限。", "缩短 promised，或核对 statutory。")
        if item.kind is ItemKind.IMMEDIATE and item.promised.amount:
            what = f"即办件“{item.code}”的承诺时限不是 0。"
            checked.say(("items", index, "promised"), what, "写 amount: 0，或把 kind 改为 promised。")


def critical_path(plan: Plan) -> tuple[str, ...]:
    """The chain of items whose promises add up to the most nominal days."""
    chains: dict[str, tuple[float, tuple[str, ...]]] = {}
    items = plan.item_by_code

    def chain(code: str) -> tuple[float, tuple[str, ...]]:
        if code not in chains:
            before = max((chain(giver) for giver in items[code].needs_items), default=(0.0, ()))
            chains[code] = (before[0] + nominal_days(items[code].promised), (*before[1], code))
        return chains[code]

    return max(chain(code) for code in items)[1]


def path_days(plan: Plan, path: tuple[str, ...]) -> float:
    items: Mapping[str, Limit] = {item.code: item.promised for item in plan.items}
    return sum(nominal_days(items[code]) for code in path)
