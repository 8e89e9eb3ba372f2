"""时限: the clocks of a case, each with the days that made its date."""

from datetime import datetime, timedelta

from onething.domain.calendar import countdown as counting
from onething.domain.calendar.countdown import Countdown, Day, Pause
from onething.domain.calendar.days import LOCAL, ONE_DAY, Calendar, local_date
from onething.domain.deadlines.clock_kinds import CLOCKS, About, about, clock_of, legal_effect
from onething.domain.deadlines.wording import BASIS_NAMES, UNIT_NAMES, length, why
from onething.domain.items.deferral import before_promise_days
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.state import ALIVE, ClockState, RunningClock
from onething.domain.names import EFFECT_NAMES
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import only_reports
from onething.services.core.wording import clock_name
from onething.services.summaries import forecasts, pagination
from onething.services.summaries.clocks import ClockList, ClockView, DayView, PausedView, PauseView
from onething.store.record import access_log
from onething.store.tables import cases

_STATES = {
    ClockState.RUNNING: "正在计时",
    ClockState.SUSPENDED: "已中止计时",
    ClockState.MET: "已按时办结",
    ClockState.OVERDUE: "已超期，尚未办结",
    ClockState.MISSED: "已办结，但超期",
    ClockState.CANCELLED: "已取消",
}
_MOST_DAYS = 366
_HOUR = timedelta(hours=1)


async def clocks(context: AppContext, principal: Principal, case_no: str, limit: int, after: str | None) -> ClockList:
    """In the order in which they were started. Days are told of those that count by the case's calendar of today: all
    that tick, and those that ended if no newer calendar moves their date. To who only reported, those of the whole."""
    async with context.transaction(principal, Act.VIEW_CASE, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_CASE, case_no)
        access_log.add(tx, Act.VIEW_CASE, context.clock.now(), case_no=case_no, detail="clocks")
        found = await cases.state(tx, case_no)
        if found is None:
            return ClockList(items=[])
        state = found[1]
        plan = await context.plan_cache.plan_of(tx, state)
        calendar = await context.plan_cache.calendar(tx, state.calendar)
        now = context.clock.now()
        forecast = await forecasts.of_case(context.usual, tx, head.region, plan, calendar, state, now)
        names = list(state.clocks)
        if await only_reports(tx, principal, case_no, plan):
            names, forecast = [name for name in names if CLOCKS[name.kind].about is About.CASE], None
    started, more = pagination.cut(names, str, limit, after)
    views = [_view(plan, calendar, name, state.clocks[name], now) for name in started]
    return ClockList(items=views, forecast=forecast, next=more)


def _view(plan: Plan, calendar: Calendar, name: ClockId, running: RunningClock, now: datetime) -> ClockView:
    clock, alive = clock_of(plan, name, running), running.state in ALIVE
    days = _days(calendar, clock, running, now)
    left = _left(calendar, clock, running, days, now) if alive else None
    return ClockView(
        name=name,
        title=clock_name(plan, name),
        item=about(name, running),
        legal_effect=legal_effect(name),
        whose=clock.limit.whose,
        state=running.state,
        started_at=running.started_at,
        due_at=running.due_at,
        provisional=running.provisional,
        unit=clock.counted_in,
        budget=clock.amount,
        extensions=clock.extended,
        left=left,
        pauses=tuple(_pause(pause) for pause in clock.pauses),
        paused=_paused(days),
        explain=_explain(plan, name, clock, running, days),
        days=tuple(_day(clock, day) for day in days[:_MOST_DAYS]),
        more_days=True if len(days) > _MOST_DAYS else None,
    )


def _left(
    calendar: Calendar, clock: Countdown, running: RunningClock, days: tuple[Day, ...], now: datetime
) -> int | float:
    """Of the budget, or of the days until the date when something else ends it before."""
    if _ends_early(calendar, clock, running):
        return sum(_amount(clock, day.counted) for day in days if calendar.closes(day.date) >= now)
    return _amount(clock, counting.left(calendar, clock, now))


def _ends_early(calendar: Calendar, clock: Countdown, running: RunningClock) -> bool:
    own = counting.due(calendar, clock)
    return own is not None and running.due_at is not None and running.due_at < own.at


def _days(calendar: Calendar, clock: Countdown, running: RunningClock, now: datetime) -> tuple[Day, ...]:
    if running.state not in ALIVE:
        due = counting.due(calendar, clock)
        if due is None or due.at != running.due_at:
            return ()
    days = counting.explain(calendar, clock, now)
    if running.due_at is not None and _ends_early(calendar, clock, running):
        return tuple(day for day in days if day.date <= local_date(running.due_at))
    return days


def _day(clock: Countdown, day: Day) -> DayView:
    return DayView(
        date=day.date,
        counted=_amount(clock, day.counted),
        reason=day.reason,
        text=why(day),
        paused_hours=_hours(day.paused) or None,
        carried_hours=_hours(day.carried) or None,
    )


def _paused(days: tuple[Day, ...]) -> PausedView | None:
    total = sum((day.paused for day in days), timedelta())
    if not total:
        return None
    given_back = sum(day.fills for day in days)
    return PausedView(hours=_hours(total), days=given_back, carried_hours=_hours(days[-1].carried))


def _pause(pause: Pause) -> PauseView:
    text = BASIS_NAMES[pause.basis]
    return PauseView(
        since=pause.since,
        until=pause.until,
        ends_at=pause.ends_at if pause.until is None else None,
        basis=pause.basis,
        text=text,
        item=pause.item,
    )


def _amount(clock: Countdown, counted: timedelta) -> int | float:
    return _hours(counted) if clock.counts_hours else counted // ONE_DAY


def _hours(time: timedelta) -> float:
    return round(time / _HOUR, 2)


def _explain(plan: Plan, name: ClockId, clock: Countdown, running: RunningClock, days: tuple[Day, ...]) -> str:
    limit, kind, unit = clock.limit, EFFECT_NAMES[legal_effect(name)], UNIT_NAMES[clock.limit.unit]
    budget = f"{kind} {limit.amount} {unit}" if limit.amount else f"{kind}当日办结"
    more = f"，延长 {clock.extended} {unit}" if clock.extended else ""
    paused = _paused(days)
    if paused is not None:
        carried = f"，余 {length(days[-1].carried)}" if days[-1].carried else ""
        whole = length(sum((day.paused for day in days), timedelta()))
        more += f"，中止办公时间共 {whole}，顺延 {paused.days} {unit}{carried}"
    until = f"至 {_shown(running.due_at)}" if running.due_at else "恢复后重新计算到期时间"
    started = _shown(running.started_at)
    if name.kind is ClockKind.DEFERRED:
        more += f"，并须在承办事项承诺到期前 {before_promise_days(plan, name.code)} 个工作日"
    text = f"“{clock_name(plan, name)}”{budget}{more}，自 {started} 起算，{until}；{_STATES[running.state]}。"
    return text + ("调休安排尚未公布，日期可能调整。" if running.provisional else "")


def _shown(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
