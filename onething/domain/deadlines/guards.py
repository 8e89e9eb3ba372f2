"""When time may be stopped, resumed and given, and which limits people may set."""

from datetime import datetime

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import Calendar, local_date
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.deadlines.clock_kinds import CASE_STATUTORY, item_clock, item_statutory, limit_of
from onething.domain.deadlines.pauses import procedure_ends
from onething.domain.deadlines.wording import BASIS_NAMES, UNIT_NAMES
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.deadlines import CalendarChanged, ClockExtended, ClockResumed, ClockSuspended, ExtensionRank
from onething.domain.events.intake import DemandTakenBack, ItemCorrectionsAsked
from onething.domain.kernel.state import CaseState, ClockState, ItemState
from onething.domain.plan.plan import Plan

MOST_DAYS, MOST_DAYS_JOINT = 10, 15  # 行政许可法 Art. 42
ClockEvent = ItemCorrectionsAsked | ClockSuspended | ClockResumed | ClockExtended
_ALIVE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED})


def guard_clock(plan: Plan, state: CaseState, event: ClockEvent) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py."""
    if plan.clocks is None:
        return _no("本办件只按承诺计时，受理后不能补正、中止、恢复或延长；如需更多时间，请向申请人说明。")
    if event.item is not None and event.item not in state.items:
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    match event:
        case ItemCorrectionsAsked():
            if state.items[event.item].state is not ItemState.OPEN:
                return _no("该事项不在办理中，不能要求补正。")
            if any(one.item == event.item or state.asked.get(one.item) != one.materials for one in event.also):
                return _no("其他部门要求补正的材料有变，请重新提出。")
        case ClockSuspended():
            return _guard_suspended(plan, state, event)
        case ClockResumed():
            if state.items[event.item].state is not ItemState.SUSPENDED:
                return _no("该事项没有中止，不需要恢复。")
        case ClockExtended():
            return _guard_extended(plan, state, event)
    return None


def guard_demand(state: CaseState, event: DemandTakenBack) -> Refusal | None:
    """Why not, unless the item waits for what it has asked for."""
    if not state.asked.get(event.item):
        return _no("该事项没有等待申请人补正的材料，不需要撤回。")
    return None


def guard_limit(limit: Limit) -> Refusal | None:
    """Why not, of a limit that a department sets for others: working days, one at least."""
    if limit.unit is not Unit.WORKING_DAY or not limit.amount:
        return Refusal(FailureCode.INVALID_VALUE, "时限须为工作日，至少 1 个。")
    return None


def _guard_suspended(plan: Plan, state: CaseState, event: ClockSuspended) -> Refusal | None:
    match state.items[event.item].state:
        case ItemState.OPEN:
            pass
        case ItemState.SUSPENDED:
            return _no("该事项已经中止，请先恢复再以其他依据中止。")
        case _:
            return _no("该事项不在办理中，不能中止。")
    item = plan.item_by_code[event.item]
    procedures = [one.procedure for one in item.pauses]
    if event.basis not in (*procedures, PauseBasis.FORCE_MAJEURE):
        if not procedures:
            return _no("该事项没有规定可以中止计时的程序；因不可抗力须中止的，请督办员办理。")
        names = "、".join(BASIS_NAMES[basis] for basis in procedures)
        return _no(
            f"该事项不能以“{BASIS_NAMES[event.basis]}”为由中止；可用的有：{names}；因不可抗力须中止的，请督办员办理。"
        )
    law = state.clocks.get(item_statutory(event.item))
    if law is None or law.state is not ClockState.RUNNING:
        return _no("该事项的法定期限已过，不能再中止，请尽快作出决定。")
    promise, rule = state.clocks.get(item_clock(event.item)), item.pause_for(event.basis)
    runs = promise is not None and promise.state is ClockState.RUNNING
    if rule is not None and not rule.stops_law and not runs:
        return _no(f"“{BASIS_NAMES[event.basis]}”只停承诺期限，而承诺期限已过，不必再中止。")
    return None


def guard_pause_time(
    plan: Plan, calendar: Calendar, state: CaseState, event: ClockSuspended, at: datetime
) -> Refusal | None:
    """Why not, where the procedure would take longer than the plan lets it at most, what it took before included."""
    rule = plan.item_by_code[event.item].pause_for(event.basis)
    if rule is None:
        return None
    clock = state.clocks.get(item_statutory(event.item) if rule.stops_law else item_clock(event.item))
    ends_at = procedure_ends(calendar, rule, clock.pauses if clock else (), at)
    name = BASIS_NAMES[event.basis]
    if ends_at <= at:
        return _no(f"“{name}”至多可以中止的时间（{rule.basis}）已经用完，请继续办理。")
    most = (local_date(ends_at) - local_date(at)).days
    if event.expected_days > max(most, 1):
        detail = f"“{name}”至多中止到 {local_date(ends_at)}（{rule.basis}），请把预计天数改为 {max(most, 1)} 天以内。"
        return Refusal(FailureCode.INVALID_VALUE, detail)
    return None


def _guard_extended(plan: Plan, state: CaseState, event: ClockExtended) -> Refusal | None:
    name = CASE_STATUTORY if event.item is None else item_statutory(event.item)
    clock = state.clocks.get(name)
    if clock is None or clock.state not in _ALIVE:
        return _no("期限没有在计时，或者已经届满，不能延长。")
    if clock.extended:
        return _no("期限只能延长一次，已经延长过。")
    joint = event.item is None and plan.clocks is not None and plan.clocks.joint
    most = MOST_DAYS_JOINT if joint else MOST_DAYS
    if event.amount > most:
        unit = UNIT_NAMES[limit_of(plan, name).unit]
        return Refusal(FailureCode.INVALID_VALUE, f"至多延长 {most} {unit}，请改小。")
    if joint and event.rank is not ExtensionRank.GOVERNMENT_HEAD:
        return Refusal(FailureCode.NOT_PERMITTED, "联合办理的办件须经本级人民政府负责人批准延长。")
    return None


def guard_calendar(state: CaseState, event: CalendarChanged) -> Refusal | None:
    """Why not, unless it replaces the calendar by which something still counts."""
    if event.old != state.calendar:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "办件已经换了日历，请重新读取后再换。")
    if not state.counts_days:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "办件已经结束，没有仍在计时的时限，不必换日历。")
    return None


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
