"""What clocks, items, materials and data are called, for whoever reads of them."""

from typing import Any

from onething.domain.calendar.limits import Unit
from onething.domain.deadlines.clock_kinds import (
    DELIVERY_CLOCK,
    NOTICE_CLOCK,
    RATING_CONTACT,
    RATING_RECTIFY,
    SUPPLEMENT_CLOCK,
    checked_of,
    deferred_of,
    differs_of,
    is_inspection,
    is_supervision,
    is_urge,
    item_of,
    looked_for_of,
    revoked_of,
    step_of,
)
from onething.domain.plan.plan import Plan

UNIT_NAMES = {Unit.WORKING_DAY: "个工作日", Unit.WORKING_HOUR: "个工作小时", Unit.CALENDAR_DAY: "个自然日"}
_CLOCKS = {
    NOTICE_CLOCK: "一次性告知",
    SUPPLEMENT_CLOCK: "补正",
    DELIVERY_CLOCK: "送达",
    RATING_CONTACT: "差评回访",
    RATING_RECTIFY: "差评整改",
}


def clock_name(plan: Plan, clock: str) -> str:
    """What it is called: as what it is about."""
    if clock in _CLOCKS:
        return _CLOCKS[clock]
    if (material := deferred_of(clock)) is not None:
        return f"补交{material_name(plan, material)}"
    if (data := looked_for_of(clock)) is not None:
        return f"人工核查{data_name(plan, {'data': data})}"
    if (code := differs_of(clock)) is not None:
        one = plan.comparison_by_code.get(code)
        return f"核实{one.name if one else code}"
    if (approved := revoked_of(clock)) is not None:
        return f"决定是否撤销{item_name(plan, approved)}"
    if is_urge(clock):
        return "答复催办"
    if is_supervision(clock):
        return "答复督办"
    if (material := checked_of(clock)) is not None:
        return f"核查承诺（{material_name(plan, material)}）"
    if is_inspection(clock):
        return "联合踏勘"
    if (step := step_of(clock)) is not None:
        return f"{item_name(plan, step[0])}·征求意见"
    code = item_of(clock)
    return plan.name if code is None else item_name(plan, code)


def data_name(plan: Plan, event: dict[str, Any]) -> str:
    data = event.get("data")
    known = plan.data_by_key.get(str(data))
    return known.name if known else str(data or "")


def material_name(plan: Plan, code: object) -> str:
    material = plan.material_by_code.get(str(code))
    return material.name if material else str(code or "")


def item_name(plan: Plan, code: object) -> str:
    known = plan.item_by_code.get(str(code)) or plan.data_by_key.get(str(code))
    return known.name if known else str(code or "")
