"""时限: the promises of a case, each with a sentence that explains it."""

from datetime import datetime

from onething.domain.calendar import LOCAL
from onething.domain.caller import Caller
from onething.domain.clock_kinds import item_of, legal_effect, limit_of
from onething.domain.limits import Unit
from onething.domain.plan import Plan
from onething.domain.state import ClockState, RunningClock
from onething.domain.time_rules import LegalEffect
from onething.security.policy import Act
from onething.services import cursors
from onething.services.office import Office
from onething.services.standing import head_for
from onething.services.timeline import clock_name
from onething.services.views import ClockList, ClockView
from onething.store import cases

_UNITS = {Unit.WORKING_DAY: "个工作日", Unit.WORKING_HOUR: "个工作小时", Unit.CALENDAR_DAY: "个自然日"}
_EFFECTS = {LegalEffect.PROMISE: "承诺", LegalEffect.STATUTORY: "法定", LegalEffect.NONE: "约定"}
_STATES = {
    ClockState.RUNNING: "正在计时",
    ClockState.SUSPENDED: "已中止计时",
    ClockState.MET: "已按时办结",
    ClockState.OVERDUE: "已超期，尚未办结",
    ClockState.MISSED: "已办结，但超期",
    ClockState.CANCELLED: "已取消",
}


async def clocks(office: Office, caller: Caller, case_no: str, limit: int, after: str | None) -> ClockList:
    """In the order in which they were started; none before acceptance."""
    async with office.transaction(caller, Act.VIEW_CASE, case_no) as tx:
        await head_for(tx, caller, Act.VIEW_CASE, case_no)
        found = await cases.state(tx, case_no)
        if found is None:
            return ClockList(items=[])
        state = found[1]
        plan = await office.shelf.plan(tx, state.plan)
    started, more = cursors.cut(list(state.clocks), str, limit, after)
    return ClockList(items=[_view(plan, name, state.clocks[name]) for name in started], next=more)


def _view(plan: Plan, name: str, clock: RunningClock) -> ClockView:
    return ClockView(
        name=name,
        item=item_of(name),
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        explain=_explain(plan, name, clock),
    )


def _explain(plan: Plan, name: str, clock: RunningClock) -> str:
    limit, kind = limit_of(plan, name), _EFFECTS[legal_effect(name)]
    length = f"{kind} {limit.amount} {_UNITS[limit.unit]}" if limit.amount else f"{kind}当日办结"
    more = f"，延长 {clock.extended} {_UNITS[limit.unit]}" if clock.extended else ""
    until = f"至 {_shown(clock.due_at)}" if clock.due_at else "恢复后重新计算到期时间"
    started = _shown(clock.started_at)
    text = f"“{clock_name(plan, name)}”{length}{more}，自 {started} 起算，{until}；{_STATES[clock.state]}。"
    return text + ("节假日安排尚未公布，日期可能调整。" if clock.provisional else "")


def _shown(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
