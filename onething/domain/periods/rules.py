"""A period begins when what it comes after is settled, and ends by its time, an objection or a report. While it runs on
the longest way, the promise for the whole stands still, and so does the law's time where an article sets the period."""

from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import period_clock
from onething.domain.definition.periods import PeriodKind, PeriodState
from onething.domain.kernel import queries
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import SETTLED, UNOPENED
from onething.domain.plan.plan import PlanItem, PlanPeriod


def begin_ready(reducer: Reducer) -> bool:
    """Begin those whose turn it is; drop those that nobody waits for any more. Whether there was one."""
    if not reducer.accepted:
        return False
    before = dict(reducer.periods)
    for period in reducer.plan.periods:
        if reducer.periods.get(period.code, PeriodState.RUNNING) is not PeriodState.RUNNING:
            continue
        if not _awaited(reducer, period) or is_shut(reducer, period):
            end(reducer, period.code, PeriodState.DROPPED)
        elif period.code not in reducer.periods and _is_due(reducer, period):
            reducer.periods[period.code] = PeriodState.RUNNING
            deadlines_rules.start(reducer, period_clock(period.code))
            if not period.counts:
                pauses.for_period(reducer, period.code, promises_only=not period.stops_law)
    return reducer.periods != before


def _is_due(reducer: Reducer, period: PlanPeriod) -> bool:
    settled = all(reducer.items[code].state in SETTLED for code in period.needs_items)
    return settled and is_open(reducer, period) and queries.are_closed(reducer.planned, period.needs_inspections)


def _awaited(reducer: Reducer, period: PlanPeriod) -> bool:
    """Whether an item may still open after it."""
    items = (one for one in reducer.plan.items if period.code in one.needs_periods)
    if any(reducer.items[one.code].state in UNOPENED for one in items):
        return True
    after = (one for one in reducer.plan.periods if period.code in one.needs_periods)
    return any(_awaited(reducer, one) for one in after)


def is_open(reducer: Reducer, waiting: PlanItem | PlanPeriod) -> bool:
    """Whether all that it comes after have ended as they had to."""
    return all(reducer.periods.get(code) is outcome for code, outcome in waiting.needs_periods.items()) and all(
        queries.has_ended_so(reducer.plan, reducer.items, code, outcome)
        for code, outcome in waiting.needs_outcomes.items()
    )


def is_shut(reducer: Reducer, waiting: PlanItem | PlanPeriod) -> bool:
    """Whether one of them has ended otherwise."""
    return queries.comes_otherwise(reducer.plan, reducer.items, waiting.needs_outcomes) or any(
        reducer.periods.get(code, PeriodState.RUNNING) not in {outcome, PeriodState.RUNNING}
        for code, outcome in waiting.needs_periods.items()
    )


def has_ended_otherwise(reducer: Reducer, waiting: PlanItem | PlanPeriod) -> bool:
    """Whether what it comes after ended so that it is not going to be, and not only for want of somebody who waits."""
    if queries.comes_otherwise(reducer.plan, reducer.items, waiting.needs_outcomes):
        return True
    for code, outcome in waiting.needs_periods.items():
        state = reducer.periods.get(code, outcome)
        if state is PeriodState.DROPPED:
            if has_ended_otherwise(reducer, reducer.plan.period_by_code[code]):
                return True
        elif state is not outcome:
            return True
    return False


def begin_again(reducer: Reducer, waiting: PlanItem | PlanPeriod) -> None:
    """Somebody waits again for what was dropped."""
    for code in waiting.needs_periods:
        if reducer.periods.get(code) is PeriodState.DROPPED:
            del reducer.periods[code]
            begin_again(reducer, reducer.plan.period_by_code[code])


def end(reducer: Reducer, code: str, outcome: PeriodState) -> None:
    """What follows for items is theirs to say (`items/rules.py`)."""
    reducer.periods[code] = outcome
    deadlines_rules.stop(reducer, period_clock(code), met=outcome is not PeriodState.DROPPED)
    pauses.release(reducer, code)


def by_time(kind: PeriodKind) -> PeriodState:
    """How one of that kind ends when its time is over."""
    return PeriodState.LAPSED if kind is PeriodKind.OUTSIDE else PeriodState.OVER


def call_off(reducer: Reducer) -> None:
    """The case is over."""
    for code, state in tuple(reducer.periods.items()):
        if state is PeriodState.RUNNING:
            end(reducer, code, PeriodState.DROPPED)
