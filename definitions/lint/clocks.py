"""The clocks of the law: limits that it allows, a ladder whose rungs come, silence that can set in.

Sources: 行政许可法 Art. 26 and 42 (20 working days; jointly handled 45; once 10 or 15 more), 82 (working days).
"""

from collections.abc import Iterable, Sequence

from definitions.lint.checked import LintContext
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.deadlines.clock_kinds import BY_LAW
from onething.domain.definition.basis import Basis
from onething.domain.definition.items import LICENSING, Nature
from onething.domain.definition.time_rules import LegalEffect, Rung

ALONE, JOINT = Limit(amount=20), Limit(amount=45)
_ELSEWHERE = "另有法律规定的，在 basis 写明条款（article）和所定的期限（says）。"


def check(checked: LintContext) -> None:
    if checked.definition.clocks is not None:
        _whole(checked)
        _items(checked)
        _ladder(checked)
        _supplement(checked)
    else:
        if checked.definition.periods:
            what = "有期间，却没有写 clocks：期间不计入承诺，没有 clocks 就停不下来。"
            checked.say(("periods",), what, "写上 clocks。")
        if checked.definition.inspections:
            what = "有联合查验，却没有写 clocks：整改不计入承诺，没有 clocks 就停不下来。"
            checked.say(("inspections",), what, "写上 clocks。")


def _whole(checked: LintContext) -> None:
    definition, joint = checked.definition, _is_joint(checked)
    most = JOINT if joint else ALONE
    others = _cites_another_law(definition.statutory.basis)
    if definition.statutory.unit is not Unit.WORKING_DAY and not others:
        what = "整件事的法定时限不是按工作日计算的。"
        remedy = f"行政许可法的期限写 unit: working_day（第八十二条）；{_ELSEWHERE}"
        checked.say(("statutory",), what, remedy)
    elif definition.statutory.weight > most.weight and not others:
        kind = "联合办理" if joint else "单独办理"
        what = f"整件事的法定时限超过行政许可法规定的{most.amount}个工作日（{kind}）。"
        remedy = _ELSEWHERE if joint else f"几个部门联合办理的写 joint: true；{_ELSEWHERE}"
        checked.say(("statutory",), what, f"缩短 statutory；{remedy}")
    if joint and len(definition.departments) < 2:
        checked.say(("clocks", "joint"), "只有一个部门，不是联合办理。", "删去 joint，法定时限按单独办理写。")


def _is_joint(checked: LintContext) -> bool:
    return checked.definition.clocks is not None and checked.definition.clocks.joint


def _items(checked: LintContext) -> None:
    """行政许可法 is the law of licences alone; other natures of items have what their own texts set."""
    for index, item in enumerate(checked.definition.items):
        for number, limit in enumerate(item.limits.of_law):
            trail = checked.place_of_limit(index, "statutory", number)
            if item.nature is not Nature.LICENCE or _cites_another_law(limit.basis):
                continue
            if limit.unit is Unit.WORKING_HOUR:
                what = f"事项“{item.code}”的法定时限按小时计算，延长时却以工作日批准。"
                checked.say(trail, what, "法定时限写成工作日或自然日。")
            elif limit.weight > ALONE.weight:
                what = f"事项“{item.code}”的法定时限超过行政许可法规定的{ALONE.amount}个工作日。"
                checked.say(trail, what, f"缩短 statutory；{_ELSEWHERE}")


def _cites_another_law(bases: Iterable[Basis]) -> bool:
    """Which article sets another limit, and what it says."""
    return any(one.is_cited and (one.says or one.note) and LICENSING not in one.title for one in bases)


def _ladder(checked: LintContext) -> None:
    definition = checked.definition
    if definition.clocks is None:
        return
    budgets = {
        LegalEffect.PROMISE: [definition.promised, *(item.promised for item in definition.items)],
        LegalEffect.STATUTORY: [
            definition.statutory,
            *(item.statutory for item in definition.items if item.statutory),
            *BY_LAW.values(),
        ],
    }
    for index, rung in enumerate(definition.clocks.ladder):
        if not _comes(rung, budgets[rung.of]):
            what = f"“{rung.code}”这一级不会出现：没有一个时限长到可以提前这么多提醒。"
            checked.say(("clocks", "ladder", index), what, "减小 days_left，或删去这一级。")


def _comes(rung: Rung, budgets: Sequence[Limit]) -> bool:
    """Some clock is long enough: a rung that would come as it starts does not come."""
    if rung.days_after is not None or rung.days_left == 0:
        return True
    return any(limit.amount > (rung.days_left or 0) or limit.amount == rung.days_left == 1 for limit in budgets)


def _supplement(checked: LintContext) -> None:
    clocks = checked.definition.clocks
    if clocks is None:
        return
    silence = ("clocks", "supplement_silence")
    if clocks.supplement is None and checked.document.has(silence):
        what = "没有补正期限（supplement），逾期不补正就无从谈起。"
        checked.say(silence, what, "补上 supplement，或删去 supplement_silence。")
    if clocks.supplement is not None and clocks.supplement.amount == 0:
        checked.say(("clocks", "supplement"), "补正期限是 0，当日不补就算逾期。", "至少给申请人一天。")
