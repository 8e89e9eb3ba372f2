"""Items wait for each other without going round in circles, and certificates show only what their department knows."""

from definitions.lint.checked import LintContext
from onething.domain.definition.bundle import Item


def check(checked: LintContext) -> None:
    givers = {code: set(checked.definition.givers(item)) & checked.items.keys() for code, item in checked.items.items()}
    before = {code: _reachable(givers, code) for code in givers}
    for index, item in enumerate(checked.definition.items):
        if item.code in before[item.code]:
            circle = "、".join(sorted(code for code in before[item.code] if item.code in before[code]))
            remedy = "删去其中一个 after，或不看对方产生的材料。"
            checked.say(("items", index), f"事项互相等待，永远无法开始：{circle}。", remedy)
        shown = _seen(checked, item)
        for number, output in enumerate(item.outputs):
            for position, name in enumerate(output.fields):
                if name not in shown:
                    what = f"结果“{output.id}”要显示的“{name}”，本事项既没有看，也没有决定。"
                    path = ("items", index, "outputs", number, "fields", position)
                    checked.say(path, what, "改正字段名，或写进 reads、decision_form；前面事项决定的，看它的结果。")


def _seen(checked: LintContext, item: Item) -> set[str]:
    """What its department knows: what it reads of the form, what it decides, and what outputs say that it looks at."""
    seen = {name for name, reading in checked.definition.readers.items() if item.code in reading}
    seen.update(field.id for field in item.decision_form)
    looked_at = {one.output for one in checked.definition.materials if one.code in item.materials}
    for giver in checked.definition.items:
        for output in giver.outputs:
            if f"{giver.code}.{output.id}" in looked_at:
                seen.update(output.fields)
    return seen


def _reachable(givers: dict[str, set[str]], start: str) -> set[str]:
    """Everything that must be settled before, in any number of steps."""
    reached: set[str] = set()
    waiting = [*givers[start]]
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += givers[code]
    return reached
