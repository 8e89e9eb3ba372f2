"""How the periods of a case stand."""

from collections.abc import Mapping
from datetime import datetime

from onething.domain.calendar.days import LOCAL
from onething.domain.deadlines.clock_kinds import period_clock
from onething.domain.definition.periods import PeriodKind, PeriodState
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan, PlanPeriod
from onething.services.periods.schemas import PeriodView

_ENDED = {
    PeriodState.OVER: "已满",
    PeriodState.OBJECTED: "有人提出异议，已经结束",
    PeriodState.DONE: "已经完成",
    PeriodState.LAPSED: "期满没有完成",
    PeriodState.DROPPED: "不再进行",
}
_NOT_BEGUN = "not_begun"


def period_views(
    plan: Plan, state: CaseState, recorded: Mapping[str, str] | None = None
) -> tuple[PeriodView, ...] | None:
    """None: the case has none. `recorded`: code → what a department wrote of it, for who may read that."""
    views = tuple(_view(period, state, (recorded or {}).get(period.code)) for period in plan.periods)
    return views or None


def _view(period: PlanPeriod, state: CaseState, what: str | None) -> PeriodView:
    standing = state.periods.get(period.code)
    clock = state.clocks.get(period_clock(period.code))
    until = clock.due_at if clock is not None else None
    return PeriodView(
        code=period.code,
        name=period.name,
        kind=period.kind,
        state=standing or _NOT_BEGUN,
        text=_text(period, standing, until),
        department=period.department,
        until=until,
        what=what,
    )


def _text(period: PlanPeriod, state: PeriodState | None, until: datetime | None) -> str:
    if state is None:
        return "还没有开始"
    if state is not PeriodState.RUNNING or until is None:
        return _ENDED.get(state, "正在进行")
    day = f"{until.astimezone(LOCAL):%Y-%m-%d}"
    return f"等候完成，至 {day}" if period.kind is PeriodKind.OUTSIDE else f"正在进行，至 {day}"
