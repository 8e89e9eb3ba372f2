"""When a joint inspection may be appointed, moved to another day and concluded."""

from datetime import datetime

from onething.domain.calendar import countdown
from onething.domain.calendar.days import Calendar, holiday_name, is_working_day, local_date
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import inspection_clock
from onething.domain.deadlines.guards import guard_limit
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.consults import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.kernel.queries import inspection_of
from onething.domain.kernel.state import CaseState, ItemState

MOST_INSPECTIONS = 20
"""Of one case (assumed)."""
INSPECTION_DAYS = 10
"""Working days until all conclusions are in, if nobody says otherwise (assumed)."""


def guard_inspection(
    state: CaseState, event: InspectionAppointed | InspectionMoved | InspectionConcluded, at: datetime
) -> Refusal | None:
    """Why not, if so: nothing is concluded of what has not taken place. The case's status is judged by
    engine/guards.py, the time by `guard_time`."""
    items = (event.item,) if isinstance(event, InspectionConcluded) else event.items
    if not all(code in state.items for code in items):
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    if isinstance(event, InspectionConcluded):
        if inspection_of(state.inspections, event.item) != event.n:
            return _no("该事项没有等待结论的联合踏勘。")
        on = state.inspections[event.n].on
        if local_date(at) < on:
            return _no(f"联合踏勘定于 {on} 进行，此前不能作出结论；提前进行的，请先改期。")
        return None
    if isinstance(event, InspectionMoved):
        return _guard_moved(state, event)
    if len(set(items)) < len(items):
        return Refusal(FailureCode.INVALID_VALUE, "同一事项只能写一次。")
    if any(state.items[code].state is not ItemState.OPEN for code in items):
        return _no("其中有事项不在办理中，不能安排联合踏勘。")
    if any(inspection_of(state.inspections, code) is not None for code in items):
        return _no("其中有事项已安排联合踏勘，请先作出结论。")
    if event.n != state.inspected + 1:
        return _no("刚刚有人安排了联合踏勘，请重新读取后再安排。")
    if event.n > MOST_INSPECTIONS:
        return _no(f"一个办件至多安排 {MOST_INSPECTIONS} 次联合踏勘。")
    return guard_limit(event.limit)


def _guard_moved(state: CaseState, event: InspectionMoved) -> Refusal | None:
    standing = state.inspections.get(event.n)
    if standing is None:
        return _no("该事项没有等待结论的联合踏勘，不能改期；请重新安排。")
    if standing.on != event.before or standing.waiting != event.items:
        return _no("刚刚有人改动了联合踏勘，请重新读取后再改期。")
    if event.on == event.before:
        return Refusal(FailureCode.INVALID_VALUE, f"联合踏勘原定就是 {event.on}，请写明改到哪一天。")
    return None


def guard_time(
    calendar: Calendar, state: CaseState, event: InspectionAppointed | InspectionMoved, at: datetime
) -> Refusal | None:
    """INVALID_VALUE with the last day that fits, unless the day is within the time for conclusions; and for a day off
    that is not said to be one."""
    if isinstance(event, InspectionAppointed):
        last, remedy = countdown.end(calendar, at, event.limit).at, "请改日期或时限"
    else:
        last, remedy = _latest(calendar, state, event.n, at), "请改日期"
    if not local_date(at) <= event.on <= local_date(last):
        detail = f"踏勘日期须在今天至 {local_date(last)}（结论时限）之间，{remedy}。"
        return Refusal(FailureCode.INVALID_VALUE, detail)
    if not is_working_day(calendar, event.on) and not event.on_day_off:
        name = holiday_name(calendar, event.on) or f"周{'一二三四五六日'[event.on.weekday()]}"
        detail = f"{event.on}（{name}）是休息日，请另选工作日；确需在休息日踏勘的，请写明 on_day_off。"
        return Refusal(FailureCode.INVALID_VALUE, detail)
    return None


def _latest(calendar: Calendar, state: CaseState, n: int, at: datetime) -> datetime:
    """An inspection moves within its time; one whose time is over, and which is due all the more, within the time that
    a new one would get."""
    due = state.clocks[inspection_clock(n)].due_at
    return due if due is not None and due >= at else countdown.end(calendar, at, Limit(amount=INSPECTION_DAYS)).at


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
