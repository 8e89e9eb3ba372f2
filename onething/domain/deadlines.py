"""Deadlines of a case: starting, warning, missing, stopping and recomputing a clock."""

from datetime import datetime

from onething.domain import calendar as calendars
from onething.domain import clocks
from onething.domain.clock_kinds import CASE_CLOCK, clock_of, item_of, legal_effect, limit_of
from onething.domain.events import ClockOverdue, ClockWarned, Moment, PatienceEnded
from onething.domain.limits import Limit
from onething.domain.outcome import TaskDue
from onething.domain.state import CaseState, ClockState, RunningClock
from onething.domain.time_rules import LegalEffect
from onething.domain.turn import Turn

__all__ = ["CASE_CLOCK", "next_due", "next_wake_at", "recount", "seen", "start", "stop"]

_ALIVE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED, ClockState.OVERDUE})


def start(turn: Turn, name: str) -> datetime:
    """Start a clock at the event's moment; returns when it is due. Of promises people are warned."""
    limit = limit_of(turn.plan, name)
    due = clocks.end(turn.calendar, turn.at, limit)
    warned = legal_effect(name) is LegalEffect.PROMISE
    turn.clocks[name] = RunningClock(
        started_at=turn.at,
        due_at=due.at,
        warn_at=calendars.warning_at(turn.calendar, turn.at, due.at, limit) if warned else None,
        provisional=due.provisional,
    )
    turn.ledger(name, "started")
    return due.at


def stop(turn: Turn, name: str, *, met: bool = True) -> None:
    """The promised thing is done (or, with `met=False`, no longer owed)."""
    clock = turn.clocks.get(name)
    if clock is None or clock.state not in _ALIVE:
        return
    if not met:
        state = ClockState.CANCELLED
    else:
        state = ClockState.MISSED if clock.state is ClockState.OVERDUE else ClockState.MET
    turn.clocks[name] = clock.model_copy(update={"state": state, "warn_at": None})
    turn.ledger(name, state)
    if item_of(name) and legal_effect(name) is LegalEffect.STATUTORY and state is not ClockState.MISSED:
        del turn.clocks[name]  # no rule asks for it any more, and the ledger has it: states stay small


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
        if clock.state in _ALIVE:
            recount(turn, name, "recounted", told=False)


def recount(turn: Turn, name: str, what: str, *, told: bool = True) -> None:
    """Compute anew when a clock that is alive is due, and whether it stands still. A line in the ledger, with
    `told=False` only if the due date moved. One that was overdue and is no longer runs again."""
    clock = turn.clocks[name]
    counted = clock_of(turn.plan, name, clock)
    due = clocks.due(turn.calendar, counted)
    moments: dict[str, object] = {"state": ClockState.SUSPENDED, "due_at": None, "provisional": False}
    if due is not None:
        over = clock.state is ClockState.OVERDUE and due.at <= turn.at
        moments = {"state": ClockState.OVERDUE if over else ClockState.RUNNING, "due_at": due.at}
        moments |= {"provisional": due.provisional, "warn_at": _warning(turn, clock, due.at, counted.limit)}
    changed = clock.model_copy(update=moments)
    turn.clocks[name] = changed
    moved = changed.due_at != clock.due_at
    if moved or told:
        turn.ledger(name, what, before=clock.due_at)
    code = item_of(name)
    if moved and code is not None and legal_effect(name) is LegalEffect.PROMISE:
        turn.task_due(TaskDue(code, turn.items[code].round, changed.due_at))


def _warning(turn: Turn, clock: RunningClock, due_at: datetime, limit: Limit) -> datetime | None:
    """Anew, unless people were warned, or it is too late to."""
    if clock.warn_at is None:
        return None
    at = max(calendars.warning_at(turn.calendar, clock.started_at, due_at, limit), turn.at)
    return at if at < due_at else None


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
        if clock.state is ClockState.RUNNING and clock.due_at is not None:
            if clock.warn_at is not None:
                moments.append((clock.warn_at, ClockWarned(clock=name)))
            else:
                moments.append((clock.due_at, ClockOverdue(clock=name)))
    for command_id, command in state.commands.items():
        if command.patience_at is not None:
            moments.append((command.patience_at, PatienceEnded(command=command_id)))
    return moments
