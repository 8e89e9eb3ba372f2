"""What a place writes otherwise keeps to what it may: no promise is longer than where it writes none."""

from definitions.compile import compile_plan
from definitions.layers.places import PlaceRules
from definitions.lint.checked import LintContext
from definitions.lint.combinations import combinations
from definitions.reading import Trail
from definitions.terms import limit_text
from onething.domain.calendar.limits import Limit, plain
from onething.domain.errors import InvalidInput


def check(checked: LintContext, rules: PlaceRules) -> None:
    above = checked.catalog.bundles[rules.above]
    if "promised" in rules.promises_set:
        _compare(checked, ("promised",), plain(above.promised), plain(checked.definition.promised), "")
    codes = [one.split(".")[1] for one in rules.promises_set if one.startswith("items.")]
    positions = {item.code: index for index, item in enumerate(checked.definition.items)}
    told: set[str] = set()
    for answers in combinations(checked.definition) if codes else ():
        try:
            here = compile_plan(checked.definition, checked.catalog.sources, answers)
            there = compile_plan(above, checked.catalog.sources, answers)
        except InvalidInput:  # one of them does not ask so, or has nothing to do
            continue
        for code in codes:
            of_here, of_there = here.item_by_code.get(code), there.item_by_code.get(code)
            if of_here is not None and of_there is not None and code not in told:
                when = f"，如回答 {', '.join(f'{name}={value}' for name, value in answers.items())} 时"
                trail: Trail = ("items", positions[code], "limits", "promised")
                if _compare(checked, trail, of_there.promised, of_here.promised, when):
                    told.add(code)


def _compare(checked: LintContext, trail: Trail, above: Limit, here: Limit, when: str) -> bool:
    if here.weight <= above.weight:
        return False
    what = f"承诺时限比上一级的长：{limit_text(above)} → {limit_text(here)}{when}。"
    checked.say(trail, what, "地方的承诺只能更短；不改写的删去这一条。")
    return True
