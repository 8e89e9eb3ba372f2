"""When days of a planned inspection may be offered, chosen and set, a part recorded, the list given and reported as
mended; and what an item that takes part in one has to wait for before it is decided."""

from collections.abc import Sequence
from datetime import date, datetime

from onething.domain.calendar import countdown
from onething.domain.calendar.days import Calendar, holiday_name, is_working_day, local_date
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import InspectionState, PartState, WhenAbsent
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.consults import (
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionClosed,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.state import SETTLED, CaseState, PlannedProgress
from onething.domain.plan.plan import Plan, PlanInspection

S, P = InspectionState, PartState
OfInspection = DaysOffered | DayChosen | DaySet | PartRecorded | InspectionClosed | PointsRectified

INSPECTION_STATE_NAMES: dict[InspectionState, str] = {
    S.READY: "待提供日期",
    S.OFFERED: "待选日期",
    S.SET: "已定日期",
    S.HELD: "正在进行",
    S.RECTIFYING: "整改中",
    S.CLOSED: "已经结束",
}
PART_STATE_NAMES: dict[PartState, str] = {
    P.DUE: "待查验",
    P.PASSED: "通过",
    P.POINTS: "有需整改的问题",
    P.FAILED: "整改未通过",
    P.ABSENT: "未到场",
}


def guard_planned(plan: Plan, state: CaseState, event: OfInspection, at: datetime) -> Refusal | None:
    """Why not, unless it is the turn of what the event says."""
    inspection = plan.inspection_by_code.get(event.inspection)
    if inspection is None:
        return Refusal(FailureCode.NOT_FOUND, "本办件没有这次联合查验。")
    standing = state.planned.get(event.inspection)
    if standing is None:
        return _no(f"“{inspection.name}”还没有开始。")
    if not isinstance(event, DayChosen | DaySet) and event.round != standing.round:
        return _no(f"“{inspection.name}”刚刚有人办理过，请重新读取。")
    match event:
        case DaysOffered():
            return _guard_offered(inspection, standing, event)
        case DayChosen():
            if standing.state is not S.OFFERED:
                return _not_now(inspection, standing, "不能选日期")
            if event.on is not None and event.on not in standing.offered:
                return _wrong(f"请在提供的日期中选择：{_days(standing.offered)}；都不合适的，请说明都不合适。")
        case DaySet():
            return _guard_set(inspection, standing, event)
        case PartRecorded():
            return _guard_recorded(state, inspection, standing, event, local_date(at))
        case InspectionClosed():
            return _guard_closed(plan, inspection, standing)
        case PointsRectified():
            if standing.state is not S.RECTIFYING:
                return _not_now(inspection, standing, "没有等待整改的清单")
    return None


def guard_days(calendar: Calendar, plan: Plan, event: DaysOffered | DaySet, at: datetime) -> Refusal | None:
    """Why the days do not fit: they are not past, lie within what the definition says if they are offered, and are
    days on which offices work, unless it is said."""
    inspection = plan.inspection_by_code[event.inspection]
    days = event.days if isinstance(event, DaysOffered) else (event.on,)
    today = local_date(at)
    for on in days:
        if on < today:
            return _wrong(f"{on} 已经过去，请写今天或以后的日期。")
        if isinstance(event, DaysOffered):
            last = local_date(countdown.end(calendar, at, inspection.offered_within).at)
            if on > last:
                return _wrong(f"{on} 太晚：提供的日期须在 {last} 以前。")
        if not is_working_day(calendar, on) and not event.on_day_off:
            name = holiday_name(calendar, on) or f"周{'一二三四五六日'[on.weekday()]}"
            return _wrong(f"{on}（{name}）是休息日，请另写工作日；确需在休息日进行的，请写明 on_day_off。")
    return None


def guard_inspected(plan: Plan, state: CaseState, event: ItemDecided) -> Refusal | None:
    """An item that takes part in an inspection is decided when its part is recorded, or its department has not come;
    and not granted while something that was found is not mended."""
    inspection = plan.inspection_of.get(event.item)
    if inspection is None:
        return None
    standing = state.planned.get(inspection.code)
    if standing is None:
        return _no(f"本事项要参加“{inspection.name}”，还没有开始，结束前不能作出决定。")
    part = standing.parts.get(event.item)
    if part is None or part.state in {P.PASSED, P.ABSENT}:
        return None
    if part.state is not P.FAILED:
        points = f"发现的问题（{_ids(part.points)}）还没有复验通过"
        what = points if part.points else "还没有登记本部门的查验结果"
        return _no(f"“{inspection.name}”{what}，不能作出决定；查验当天起在办件里登记。")
    if plan.item_by_code[event.item].effect(event.outcome) is OutcomeEffect.WELL:
        return _no(f"“{inspection.name}”查验发现的问题（{_ids(part.points)}）没有整改到位，不能准予。")
    return None


def _guard_offered(inspection: PlanInspection, standing: PlannedProgress, event: DaysOffered) -> Refusal | None:
    if standing.state not in {S.READY, S.OFFERED}:
        return _not_now(inspection, standing, "不能再提供日期")
    if len(set(event.days)) < len(event.days):
        return _wrong("同一天写了两次，请删去一个。")
    least = inspection.offered if standing.round == 1 else 1
    if len(event.days) < least:
        return _wrong(f"至少提供 {least} 个日期供选择，现在只有 {len(event.days)} 个。")
    return None


def _guard_set(inspection: PlanInspection, standing: PlannedProgress, event: DaySet) -> Refusal | None:
    if standing.on != event.before:
        return _no(f"刚刚有人改动了“{inspection.name}”的日期，请重新读取。")
    if standing.state is S.READY and not standing.offered:
        return _no(f"请先为“{inspection.name}”提供几个日期，由申请人选择。")
    if standing.state not in {S.READY, S.OFFERED, S.SET}:
        return _not_now(inspection, standing, "不能改日期")
    if event.on == event.before:
        return _wrong(f"原定就是 {event.on}，请写明改到哪一天。")
    return None


def _guard_recorded(
    state: CaseState, inspection: PlanInspection, standing: PlannedProgress, event: PartRecorded, today: date
) -> Refusal | None:
    part = standing.parts.get(event.item)
    if part is None or event.item not in state.items:
        return Refusal(FailureCode.NOT_FOUND, f"该事项不参加“{inspection.name}”。")
    if standing.state not in {S.SET, S.HELD} or standing.on is None:
        return _not_now(inspection, standing, "不能登记查验结果")
    if today < standing.on:
        return _no(f"“{inspection.name}”定于 {standing.on}，此前不能登记结果；提前进行的，请牵头部门先改期。")
    if state.items[event.item].state in SETTLED:
        return _no("该事项已经办结。")
    if part.state is P.ABSENT and inspection.absent is WhenAbsent.FACTS_AGREED:
        return _no("当天没有到场，按规定视为认可其他部门记录的事实，不再另行查验。")
    if part.state not in {P.DUE, P.ABSENT}:
        return _no("本部门的查验结果已经登记。")
    if event.officers < inspection.officers:
        return _wrong(f"至少 {inspection.officers} 人签字，现在只有 {event.officers} 人。")
    if len(set(event.points)) < len(event.points):
        return _wrong("同一个问题写了两次，请删去一个。")
    if standing.round > 1 and (new := [one for one in event.points if one not in part.points]):
        return _wrong(f"复验只看上次没有通过的问题（{_ids(part.points)}），不能提出新的：{_ids(new)}。")
    return None


def _guard_closed(plan: Plan, inspection: PlanInspection, standing: PlannedProgress) -> Refusal | None:
    if standing.state is not S.HELD:
        return _not_now(inspection, standing, "没有可以汇总的结果")
    due = [plan.item_by_code[code].name for code, part in standing.parts.items() if part.state is P.DUE]
    if due:
        return _no(f"还没有登记结果：{'、'.join(due)}；当天结束后仍未登记的按未到场处理。")
    return None


def _not_now(inspection: PlanInspection, standing: PlannedProgress, what: str) -> Refusal:
    return _no(f"“{inspection.name}”{INSPECTION_STATE_NAMES[standing.state]}，{what}。")


def _days(days: Sequence[date]) -> str:
    return "、".join(map(str, days))


def _ids(points: Sequence[str]) -> str:
    return "、".join(points)


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)


def _wrong(detail: str) -> Refusal:
    return Refusal(FailureCode.INVALID_VALUE, detail)
