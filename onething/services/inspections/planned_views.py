"""How the inspections stand that the definition plans."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from onething.domain.calendar.days import LOCAL
from onething.domain.deadlines.clock_kinds import mend_clock
from onething.domain.definition.periods import InspectionState
from onething.domain.inspections.planned_guards import PART_STATE_NAMES
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.state import CaseState, PlannedProgress
from onething.domain.plan.plan import Plan, PlanInspection
from onething.services.application import sealed_values
from onething.services.inspections.planned_schemas import PartView, PlannedInspectionView, PointView

_NOT_BEGUN = "not_begun"
OpenedValue = Callable[[str], Mapping[str, Any] | None]
"""Name of a sealed value → what it says; None where there is none for the reader."""


def planned_names(state: CaseState) -> list[SealedName]:
    """Of what was written about them last: the parts, the list, what was mended."""
    names: list[SealedName] = []
    for code, one in state.planned.items():
        for n in range(1, one.round + 1):
            names += [sealed_values.part(code, item, n) for item in one.parts]
            names += [sealed_values.points(code, n), sealed_values.mended(code, n)]
    return names


def planned_views(
    plan: Plan, state: CaseState, opened: OpenedValue | None = None
) -> tuple[PlannedInspectionView, ...] | None:
    """None: the case has none. `opened`: None for who may read nothing personal."""
    return tuple(_view(plan, one, state, opened or (lambda _: None)) for one in plan.inspections) or None


def _view(plan: Plan, inspection: PlanInspection, state: CaseState, opened: OpenedValue) -> PlannedInspectionView:
    code, standing = inspection.code, state.planned.get(inspection.code)
    now = standing or PlannedProgress()
    clock = state.clocks.get(mend_clock(code))
    until = clock.due_at if clock and now.state is InspectionState.RECTIFYING else None
    listed, mended = _last(now, lambda n: opened(sealed_values.points(code, n))), None
    if now.round > 1:
        mended = opened(sealed_values.mended(code, now.round - 1))
    return PlannedInspectionView(
        code=code,
        name=inspection.name,
        kind=inspection.kind,
        lead=inspection.department,
        state=standing.state if standing else _NOT_BEGUN,
        text=_text(standing, until),
        round=now.round,
        offered=list(now.offered),
        on=now.on,
        until=until,
        officers=inspection.officers,
        parts=[
            PartView(
                item=item,
                name=plan.item_by_code[item].name,
                department=plan.item_by_code[item].department,
                state=part.state,
                text=PART_STATE_NAMES[part.state],
                points=list(part.points),
                note=(_last(now, partial(_part, opened, code, item)) or {}).get("note"),
            )
            for item, part in now.parts.items()
        ],
        points=[PointView(id=one, text=text) for one, text in listed["points"].items()] if listed else None,
        mended=mended["what"] if mended else None,
    )


def _part(opened: OpenedValue, code: str, item: str, n: int) -> Mapping[str, Any] | None:
    return opened(sealed_values.part(code, item, n))


def _last(now: PlannedProgress, written: Callable[[int], Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """Of the last round in which something was written."""
    return next(filter(None, (written(n) for n in range(now.round, 0, -1))), None)


def _text(standing: PlannedProgress | None, until: datetime | None) -> str:
    if standing is None:
        return "还没有开始"
    again = "复验" if standing.round > 1 else ""
    match standing.state:
        case InspectionState.READY if standing.offered:
            return f"{again}没有合适的日期，等牵头部门确定"
        case InspectionState.READY:
            return f"等牵头部门提供{again}日期"
        case InspectionState.OFFERED:
            return f"请选{again}日期：{'、'.join(map(str, standing.offered))}"
        case InspectionState.SET:
            return f"{again}定于 {standing.on}"
        case InspectionState.HELD:
            return f"{standing.on} {again or '查验'}，各部门正在登记结果"
        case InspectionState.RECTIFYING if until is not None:
            return f"整改中，请在 {until.astimezone(LOCAL):%Y-%m-%d} 前改好并报告"
        case InspectionState.RECTIFYING:
            return "整改中"
    return "已经结束"
