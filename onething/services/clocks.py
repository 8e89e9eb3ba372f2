"""时限: the promises of a case, each with a sentence that explains it."""

from onething.domain.calendar import LOCAL
from onething.domain.caller import Caller
from onething.domain.limits import Limit, Unit
from onething.domain.plan import Plan
from onething.domain.state import ClockState, RunningClock
from onething.security.policy import Act
from onething.services import cursors
from onething.services.office import Office
from onething.services.standing import head_for
from onething.services.timeline import clock_name
from onething.services.views import ClockList, ClockView
from onething.store import cases

_UNITS = {Unit.WORKING_DAY: "个工作日", Unit.WORKING_HOUR: "个工作小时", Unit.CALENDAR_DAY: "个自然日"}
_STATES = {
    ClockState.RUNNING: "正在计时",
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
    item = name.removeprefix("item:") if name.startswith("item:") else None
    promised = plan.item_by_code[item].promised if item else plan.promised
    return ClockView(
        name=name,
        item=item,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        explain=_explain(clock_name(plan, name), promised, clock),
    )


def _explain(name: str, promised: Limit, clock: RunningClock) -> str:
    length = f"承诺 {promised.amount} {_UNITS[promised.unit]}" if promised.amount else "承诺当日办结"
    started, due = (f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" for at in (clock.started_at, clock.due_at))
    text = f"“{name}”{length}，自 {started} 起算，至 {due}；{_STATES[clock.state]}。"
    return text + ("节假日安排尚未公布，日期可能调整。" if clock.provisional else "")
