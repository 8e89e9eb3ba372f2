"""Promises stay within the law, and within what the bundle as a whole promises; each limit says whose days it is made
of, and its list comes to an end."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.definition.items import LICENSING, CitedLimit, Item
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
        for word in ("promised", "statutory"):
            _list(checked, item, index, word)
        if len(item.limits.promised) == len(item.limits.of_law) == 1:
            _within_the_law(checked, item.limits.promised[0], item.limits.of_law[0], index)
    for trail, limit in _cited(checked):
        _as_read(checked, trail, limit)


def _within_the_law(checked: LintContext, promised: Limit, statutory: Limit, index: int) -> None:
    """Of what has several, each combination of answers is looked at (`combinations.py`)."""
    if nominal_days(promised) > nominal_days(statutory):
        trail = ("items", index, "limits", "promised")
        checked.say(trail, "承诺时限长于法定时限。", "缩短 promised，或核对 statutory。")


def _list(checked: LintContext, item: Item, index: int, word: str) -> None:
    """The first whose condition holds; so the last has none, and no other."""
    limits = item.limits.lists[word]
    for number, limit in enumerate(limits):
        last = number == len(limits) - 1
        at = checked.place_of_limit(index, word, number)
        if last and limit.when is not None:
            what = f"事项“{item.code}”的 {word} 最后一条有 when，其他情形就没有期限。"
            checked.say(at, what, "最后一条不写 when。")
        if not last and limit.when is None:
            checked.say(
                at, f"事项“{item.code}”的 {word} 中间一条没有 when，后面的都用不上。", "补上 when，或删去后面的。"
            )
        if word == "promised" and limit.extension is not None:
            checked.say((*at, "extension"), "承诺时限不写延长。", "延长写在 statutory 里，须有法律条款。")


def _cited(checked: LintContext) -> Iterator[tuple[Trail, CitedLimit]]:
    definition = checked.definition
    yield ("promised",), definition.promised
    yield ("statutory",), definition.statutory
    for index, item in enumerate(definition.items):
        for word, limits in item.limits.lists.items():
            for number, limit in enumerate(limits):
                yield checked.place_of_limit(index, word, number), limit


_DAYS = re.compile("(?<![0-9一二三四五六七八九十百月])[0-9一二三四五六七八九十百]+日")
"""A length in days: 三十日, 20日; not 10个工作日, 之日起, 1月1日."""


def _as_read(checked: LintContext, trail: Trail, limit: CitedLimit) -> None:
    """行政许可法 Art. 82 makes working days of its own limits only: how another text's 日 is read, has to be said."""
    if limit.unit is not Unit.WORKING_DAY or limit.note:
        return
    for one in limit.basis:
        if one.says and _DAYS.search(one.says) and one.note is None and LICENSING not in one.title:
            what = f"依据说的是“{one.says}”，这里按工作日计算。"
            checked.say(trail, what, "写 note 说明为什么按工作日计算，或改写 unit: calendar_day。")


def _whose(checked: LintContext) -> None:
    """Every period says whose days it is made of: the last of an office's stays where it falls, a person's moves."""
    definition = checked.definition
    periods: dict[Trail, Limit] = dict(_cited(checked))
    for index, item in enumerate(definition.items):
        periods |= {
            ("items", index, "pauses", number, "at_most"): one.at_most for number, one in enumerate(item.pauses)
        }
    for number, material in enumerate(definition.materials):
        if material.due is not None and material.due.within is not None:
            periods["materials", number, "due", "within"] = material.due.within
    periods |= {("periods", index, "length"): one.length for index, one in enumerate(definition.periods)}
    for index, one in enumerate(definition.inspections):
        within: dict[Trail, Limit] = {("slots", "within"): one.slots.within, ("limit",): one.limit}
        for trail, limit in within.items():
            periods["inspections", index, *trail] = limit
        periods["inspections", index, "rectify", "within"] = one.rectify.within
    for index, item in enumerate(definition.items):
        if (promise := item.commitment) is not None:
            periods["items", index, "commitment", "check", "within"] = promise.check.within
            if promise.rectify is not None:
                periods["items", index, "commitment", "rectify", "within"] = promise.rectify.within
    supplement = definition.clocks.supplement if definition.clocks else None
    if supplement is not None:
        periods["clocks", "supplement"] = supplement
    for trail, period in periods.items():
        persons = trail[0] in {"clocks", "materials", "periods"} or "rectify" in trail
        whose = Whose.PERSON if persons else Whose.OFFICE
        who = "机关" if whose is Whose.OFFICE else "当事人" if trail[0] == "periods" else "申请人"
        if not checked.document.has((*trail, "for")):
            checked.say(trail, "没有写明是谁的期限。", f"写 for: {whose}（{who}的）。")
        elif period.whose is not whose:
            checked.say((*trail, "for"), f"这是{who}的期限。", f"写 for: {whose}。")


def longest_promises(plan: Plan, outside: AbstractSet[str]) -> tuple[tuple[str, ...], float]:
    """The chain of items whose promises add up to the most nominal days, and these. `outside`: items that the promise
    of the whole says nothing of."""
    needs = {item.code: item.needs_items for item in plan.items}
    promised = {item.code: _AT_ONCE if item.code in outside else item.promised for item in plan.items}
    path = tuple(code for code in longest_chain(promised, needs) if code not in outside)
    return path, sum(nominal_days(promised[code]) for code in path)


_AT_ONCE = Limit(amount=0)
