"""Deadlines of a case: starting, warning, missing, stopping and recomputing a clock.

Clock `case` is the bundle's promise, `item:<code>` an item's.
"""

from datetime import datetime

from onething.domain import calendar as calendars
from onething.domain import clocks
from onething.domain.clocks import Clock
from onething.domain.events import ClockOverdue, ClockWarned, Moment, PatienceEnded
from onething.domain.limits import Limit
from onething.domain.outcome import TaskDue
from onething.domain.plan import Plan
from onething.domain.state import CaseState, ClockState, RunningClock
from onething.domain.turn import Turn

CASE_CLOCK = "case"
_ITEM = "item:"
_TICKING = frozenset({ClockState.RUNNING, ClockState.OVERDUE})


def item_clock(code: str) -> str:
    return f"{_ITEM}{code}"


def limit_of(plan: Plan, name: str) -> Limit:
    """The budget that the plan gives the clock of that name."""
    return plan.promised if name == CASE_CLOCK else plan.item_by_code[name.removeprefix(_ITEM)].promised


def clock_of(plan: Plan, name: str, running: RunningClock) -> Clock:
    """The clock by itself, to be asked what is left, when it is due and why."""
    return Clock(limit_of(plan, name), running.started_at)


def start(turn: Turn, name: str) -> datetime:
    """Start a promise at the event's moment; returns when it is due."""
    limit = limit_of(turn.plan, name)
    due = clocks.end(turn.calendar, turn.at, limit)
    turn.clocks[name] = RunningClock(
        started_at=turn.at,
        due_at=due.at,
        warn_at=calendars.warning_at(turn.calendar, turn.at, due.at, limit),
        provisional=due.provisional,
    )
    turn.ledger(name, "started")
    return due.at


def stop(turn: Turn, name: str, *, met: bool = True) -> None:
    """The promised thing is done (or, with `met=False`, no longer owed)."""
    clock = turn.clocks.get(name)
    if clock is None or clock.state not in _TICKING:
        return
    if not met:
        state = ClockState.CANCELLED
    else:
        state = ClockState.MET if clock.state is ClockState.RUNNING else ClockState.MISSED
    turn.clocks[name] = clock.model_copy(update={"state": state, "warn_at": None})
    turn.ledger(name, state)


def cancel_all(turn: Turn) -> None:
    for name in tuple(turn.clocks):
        stop(turn, name, met=False)


def warned(turn: Turn, event: ClockWarned) -> None:
    turn.clocks[event.clock] = turn.clocks[event.clock].model_copy(update={"warn_at": None})
    turn.ledger(event.clock, "warned")


def overdue(turn: Turn, event: ClockOverdue) -> None:
    clock = turn.clocks[event.clock]
    turn.clocks[event.clock] = clock.model_copy(update={"state": ClockState.OVERDUE, "warn_at": None})
    turn.ledger(event.clock, "overdue")


def calendar_changed(turn: Turn) -> None:
    """Every clock that ticks is counted again, from its start, by the new calendar."""
    turn.set(calendar=turn.calendar.digest)
    for name, clock in tuple(turn.clocks.items()):
        if clock.state in _TICKING:
            _recount(turn, name, "recounted")


def _recount(turn: Turn, name: str, what: str) -> None:
    """Compute anew when the clock is due; a line in the ledger if that moved. One that was overdue and is no longer,
    since a day of its time has become a day off, runs again."""
    clock = turn.clocks[name]
    counted = clock_of(turn.plan, name, clock)
    due = clocks.due(turn.calendar, counted)
    if due is None:
        raise AssertionError(f"clock {name} runs and is never due")
    warn_at = clock.warn_at
    if warn_at is not None:
        warn_at = max(calendars.warning_at(turn.calendar, clock.started_at, due.at, counted.limit), turn.at)
        warn_at = warn_at if warn_at < due.at else None  # too late to warn
    over = clock.state is ClockState.OVERDUE and due.at <= turn.at
    state = ClockState.OVERDUE if over else ClockState.RUNNING
    moments = {"due_at": due.at, "provisional": due.provisional, "warn_at": warn_at, "state": state}
    turn.clocks[name] = clock.model_copy(update=moments)
    if due.at != clock.due_at:
        turn.ledger(name, what, before=clock.due_at)
        if name.startswith(_ITEM):
            code = name.removeprefix(_ITEM)
            turn.task_due(TaskDue(code, turn.items[code].round, due.at))


def next_due(state: CaseState) -> tuple[datetime, Moment] | None:
    """The earliest moment that has not been stepped yet, with the event that it brings."""
    return min(_moments(state), key=lambda due: (due[0], due[1].kind), default=None)


def seen(moment: Moment, now: datetime) -> Moment:
    """The moment as it is recorded by who looks at `now`."""
    return moment.model_copy(update={"seen_at": now}) if isinstance(moment, PatienceEnded) else moment


def next_wake_at(state: CaseState) -> datetime | None:
    """When somebody has to look at the case again, if nothing happens before."""
    due = next_due(state)
    return due[0] if due else None


def _moments(state: CaseState) -> list[tuple[datetime, Moment]]:
    moments: list[tuple[datetime, Moment]] = []
    for name, clock in state.clocks.items():
        if clock.state is ClockState.RUNNING:
            if clock.warn_at is not None:
                moments.append((clock.warn_at, ClockWarned(clock=name)))
            else:
                moments.append((clock.due_at, ClockOverdue(clock=name)))
    for command_id, command in state.commands.items():
        if command.patience_at is not None:
            moments.append((command.patience_at, PatienceEnded(command=command_id)))
    return moments
