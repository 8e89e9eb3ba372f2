"""Certificates show only what their department knows, and nothing that only a decision says where nobody decided."""

from collections.abc import Iterator

from definitions.lint.checked import LintContext
from onething.domain.definition.items import Item, Output
from onething.domain.definition.time_rules import OverdueHow

_NO_DECISION = frozenset({OverdueHow.DEEM_APPROVED, OverdueHow.PROCEED_WITHOUT})
"""After which what depends on the item goes on, without its decision form."""


def check(checked: LintContext) -> None:
    for index, item in enumerate(checked.definition.items):
        known = _seen(checked, item)
        for number, output in enumerate(item.outputs):
            for position, name in enumerate(output.fields):
                if name not in known:
                    what = f"结果“{output.id}”要显示的“{name}”，本事项既没有看，也没有决定。"
                    path = ("items", index, "outputs", number, "fields", position)
                    checked.say(path, what, "改正字段名，或写进 reads、decision_form；前面事项决定的，看它的结果。")
        _silence(checked, index, item)


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


def _silence(checked: LintContext, index: int, item: Item) -> None:
    if item.overdue is None:
        return
    if checked.definition.clocks is None:
        what = f"没有 clocks，法定时限不计时，事项“{item.code}”的 overdue 不起作用。"
        checked.say(("items", index, "overdue"), what, "补上 clocks，或删去 overdue。")
    if item.overdue.how in _NO_DECISION:
        _needs_no_decision(checked, item, own=item.overdue.how is OverdueHow.DEEM_APPROVED)


def _needs_no_decision(checked: LintContext, silent: Item, *, own: bool) -> None:
    """`own`: the item gives its outputs all the same."""
    decided = {field.id for field in silent.decision_form}
    for index, item in enumerate(checked.definition.items):
        if item.code == silent.code and not own:
            continue
        for number, output in enumerate(item.outputs):
            for place, name in _shown(output):
                if name in decided and not (item is not silent and name in {field.id for field in item.decision_form}):
                    what = f"“{silent.name}”期限届满时没有人填写决定，“{output.name}”却要用到决定字段“{name}”。"
                    trail = ("items", index, "outputs", number, *place)
                    checked.say(trail, what, "改用申请表单的字段，或不让它由期限届满决定。")


def _shown(output: Output) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for position, name in enumerate(output.fields):
        yield ("fields", position), name
    if output.valid_until is not None:
        yield ("valid_until",), output.valid_until
