"""Promises stay within the law, and within what the bundle as a whole promises."""

from definitions.lint.checked import LintContext
from onething.domain.calendar.limits import Limit, Whose
from onething.domain.definition.bundle import ItemKind
from onething.domain.plan.critical_path import longest_chain
from onething.domain.plan.plan import Plan


def nominal_days(limit: Limit) -> float:
    """Calendar days in an ordinary week of five working days of seven hours: only for comparing limits."""
    return limit.weight / 5


def check(checked: LintContext) -> None:
    definition = checked.definition
    _whose(checked)
    if nominal_days(definition.promised) > nominal_days(definition.statutory):
        checked.say(("promised",), "承诺时限长于法定时限。", "缩短 promised，或核对 statutory。")
    for index, item in enumerate(definition.items):
        if nominal_days(item.promised) > nominal_days(item.statutory):
            checked.say(("items", index, "promised"), "承诺时限长于法定时限。", "缩短 promised，或核对 statutory。")
        if item.kind is ItemKind.IMMEDIATE and item.promised.amount:
            what = f"即办件“{item.code}”的承诺时限不是 0。"
            checked.say(("items", index, "promised"), what, "写 amount: 0，或把 kind 改为 promised。")


def _whose(checked: LintContext) -> None:
    """Every period says whose days it is made of: the last of an office's stays where it falls, a person's moves."""
    definition = checked.definition
    periods: dict[tuple[str | int, ...], Limit] = {
        ("promised",): definition.promised,
        ("statutory",): definition.statutory,
    }
    for index, item in enumerate(definition.items):
        at = ("items", index)
        periods |= {(*at, "promised"): item.promised, (*at, "statutory"): item.statutory}
        periods |= {(*at, "pauses", number, "at_most"): one.at_most for number, one in enumerate(item.pauses)}
    supplement = definition.clocks.supplement if definition.clocks else None
    if supplement is not None:
        periods["clocks", "supplement"] = supplement
    for trail, period in periods.items():
        whose = Whose.PERSON if period is supplement else Whose.OFFICE
        who = "申请人" if whose is Whose.PERSON else "机关"
        if not checked.document.has((*trail, "for")):
            checked.say(trail, "没有写明是谁的期限。", f"写 for: {whose}（{who}的）。")
        elif period.whose is not whose:
            checked.say((*trail, "for"), f"这是{who}的期限。", f"写 for: {whose}。")


def critical_path(plan: Plan) -> tuple[str, ...]:
    """The chain of items whose promises add up to the most nominal days."""
    needs = {item.code: item.needs_items for item in plan.items}
    return longest_chain({item.code: item.promised for item in plan.items}, needs)


def path_days(plan: Plan, path: tuple[str, ...]) -> float:
    return sum(nominal_days(plan.item_by_code[code].promised) for code in path)
