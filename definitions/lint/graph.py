"""Items wait for each other without going round in circles, and certificates show only what is there by then."""

from definitions.lint.checked import LintContext


def check(checked: LintContext) -> None:
    givers = {
        code: {output.partition(".")[0] for output in item.needs.outputs} & checked.items.keys()
        for code, item in checked.items.items()
    }
    before = {code: _reachable(givers, code) for code in givers}
    for index, item in enumerate(checked.definition.items):
        if item.code in before[item.code]:
            circle = "、".join(sorted(code for code in before[item.code] if item.code in before[code]))
            trail = ("items", index, "needs", "outputs")
            checked.say(trail, f"事项互相等待，永远无法开始：{circle}。", "删去其中一个 needs.outputs。")
        shown = set(checked.form)
        for code in (item.code, *before[item.code]):
            shown.update(field.id for field in checked.items[code].decision_form)
        for number, output in enumerate(item.outputs):
            for position, name in enumerate(output.fields):
                if name not in shown:
                    what = f"结果“{output.id}”要显示的“{name}”不是表单字段，也不是本事项或其前置事项的决定字段。"
                    path = ("items", index, "outputs", number, "fields", position)
                    checked.say(path, what, "改正字段名，或在 decision_form 中补上。")


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
