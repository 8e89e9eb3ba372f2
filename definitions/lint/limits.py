"""Promises stay within the law, and within what the bundle as a whole promises."""

from definitions.lint.checked import LintContext
from onething.domain.calendar.limits import Limit
from onething.domain.definition.bundle import ItemKind
from onething.domain.plan.critical_path import longest_chain
from onething.domain.plan.plan import Plan


def nominal_days(limit: Limit) -> float:
    """Calendar days in an ordinary week of five working days of seven hours: only for comparing limits."""
    return limit.weight / 5


def check(checked: LintContext) -> None:
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
    needs = {item.code: item.needs_items for item in plan.items}
    return longest_chain({item.code: item.promised for item in plan.items}, needs)


def path_days(plan: Plan, path: tuple[str, ...]) -> float:
    return sum(nominal_days(plan.item_by_code[code].promised) for code in path)
