"""Deadlines of a case: starting, warning, missing, stopping and recomputing a clock."""

from collections.abc import Iterator
from datetime import datetime

from onething.domain.calendar import countdown
from onething.domain.calendar import days as calendars
from onething.domain.calendar.countdown import Pause
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines import escalation
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    NOTICE_CLOCK,
    SUPPLEMENT_CLOCK,
    checked_of,
    clock_of,
    concerns_applicant,
    deferred_of,
    differs_of,
    item_of,
    legal_effect,
    limit_of,
    looked_for_of,
    revoked_of,
    step_of,
)
from onething.domain.deadlines.escalation import has_rungs, with_next_rung
from onething.domain.definition.time_rules import LegalEffect, OverdueHow
from onething.domain.events.deadlines import (
    ClockOverdue,
    ClockWarned,
    DecidedBySilence,
    DeemedAccepted,
    DeferredTimeEnded,
    LookUpDue,
    ManualTimeEnded,
    Moment,
    PatienceEnded,
    RungFired,
    SupplementTimeEnded,
)
from onething.domain.events.items import TimeUsed
from onething.domain.kernel import queries
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import (
    ALIVE,
    AT_DEPARTMENT,
    CaseState,
    ClockState,
    ItemState,
    Reply,
    RunningClock,
    nth_check,
)
from onething.domain.kernel.step_result import (
    TaskDue,
    check_task,
    consult_task,
    discrepancy_task,
    manual_task,
    revoke_task,
)

__all__ = ["ALIVE", "CASE_CLOCK", "miss", "next_due", "next_wake_at", "recount", "seen", "start", "stop"]


def start(
    turn: Turn, name: str, since: datetime | None = None, *, reply: Reply | None = None, agreed: Limit | None = None
) -> datetime:
    """Start a clock at `since` (default: the event's moment); returns when it is due. `agreed`: its budget, where law
    and plan give it none."""
    since = since or turn.at
    limit = agreed or limit_of(turn.plan, name, reply)
    due = countdown.end(turn.calendar, since, limit)
    silence = _silence(turn, name)
    clock = RunningClock(started_at=since, due_at=due.at, provisional=due.provisional, silence=silence, reply=reply)
    clock = clock if agreed is None else clock.model_copy(update={"limit": agreed})
    if legal_effect(name) is LegalEffect.PROMISE and not has_rungs(turn.plan):
        clock = clock.model_copy(update={"warn_at": _warning(turn, since, due.at, limit)})
    turn.clocks[name] = with_next_rung(turn, name, clock)
    turn.ledger(name, "started")
    turn.reminder(name)
    return due.at


def go_on(turn: Turn, name: str, used: TimeUsed, since: datetime, away: Pause) -> None:
    """A clock that had ended runs once more: with what it had used, but for the time in which nobody had the item."""
    ended = turn.clocks.get(name)
    missed = ended is not None and ended.state is ClockState.MISSED
    clock = RunningClock(
        started_at=since,
        due_at=None,
        warn_at=used.warn_at,
        state=ClockState.OVERDUE if missed else ClockState.RUNNING,
        pauses=(*used.pauses, away),
        extended=used.extended,
        fired=used.fired,
        silence=_silence(turn, name),
    )
    turn.clocks[name] = clock
    recount(turn, name, "back")


def stop(turn: Turn, name: str, *, met: bool = True) -> None:
    """The promised thing is done (or, with `met=False`, no longer owed)."""
    clock = turn.clocks.get(name)
    if clock is None or clock.state not in ALIVE:
        return
    if not met:
        state = ClockState.CANCELLED
    else:
        state = ClockState.MISSED if clock.state is ClockState.OVERDUE else ClockState.MET
    _ended(turn, name, state)
    turn.reminder(name)
    if clock.reply is not None or (legal_effect(name) is not LegalEffect.PROMISE and state is not ClockState.MISSED):
        del turn.clocks[name]  # no rule asks for it any more, and the ledger has it: states stay small


def miss(turn: Turn, name: str) -> None:
    """The time is over, and what it was for can't be done any more."""
    _ended(turn, name, ClockState.MISSED)


def _ended(turn: Turn, name: str, state: ClockState) -> None:
    nothing_ahead = {"warn_at": None, "rung": None, "fired": (), "silence": None}
    turn.clocks[name] = turn.clocks[name].model_copy(update={"state": state, **nothing_ahead})
    turn.ledger(name, state)


def _silence(turn: Turn, name: str) -> OverdueHow | None:
    """What the end of the time brings by itself: of an item's statutory time only."""
    code = item_of(name)
    if code is None or legal_effect(name) is not LegalEffect.STATUTORY:
        return None
    how = turn.plan.item_by_code[code].overdue
    return None if how is OverdueHow.ESCALATE else how


def cancel_all(turn: Turn) -> None:
    for name in tuple(turn.clocks):
        stop(turn, name, met=False)


def warned(turn: Turn, event: ClockWarned) -> None:
    turn.clocks[event.clock] = turn.clocks[event.clock].model_copy(update={"warn_at": None})
    turn.ledger(event.clock, "warned")


def overdue(turn: Turn, event: ClockOverdue) -> None:
    clock = turn.clocks[event.clock]
    clock = clock.model_copy(update={"state": ClockState.OVERDUE, "warn_at": None})
    turn.clocks[event.clock] = with_next_rung(turn, event.clock, clock)
    turn.ledger(event.clock, "overdue")
    escalation.not_answered(turn, event.clock)


def calendar_changed(turn: Turn) -> None:
    """Every clock that ticks is counted again, from its start, by the new calendar. One notice for all that moved."""
    turn.set(calendar=turn.calendar.digest)
    followers = {name for name in turn.clocks if deferred_of(name) is not None}  # counted again when promises have been
    alive = [name for name, clock in turn.clocks.items() if clock.state in ALIVE and name not in followers]
    moved = [name for name in alive if recount(turn, name, "recounted", told=False)]
    if any(map(concerns_applicant, moved)):
        turn.notice("date_moved")


def recount(turn: Turn, name: str, what: str, *, told: bool = True) -> bool:
    """Compute anew when a clock that is alive is due, and whether it stands still. A line in the ledger, with
    `told=False` only if the due date moved. One that was overdue and is no longer runs again. Whether it moved."""
    clock = turn.clocks[name]
    counted = clock_of(turn.plan, name, clock)
    due = countdown.due(turn.calendar, counted)
    moments: dict[str, object] = {"state": ClockState.SUSPENDED, "due_at": None, "provisional": False}
    if due is not None:
        over = clock.state is ClockState.OVERDUE and due.at <= turn.at
        moments = {"state": ClockState.OVERDUE if over else ClockState.RUNNING, "due_at": due.at}
        moments |= {"provisional": due.provisional, "warn_at": None}
        if clock.warn_at is not None:
            moments |= {"warn_at": _warning(turn, clock.started_at, due.at, counted.limit)}
    changed = with_next_rung(turn, name, clock.model_copy(update=moments))
    turn.clocks[name] = changed
    moved = changed.due_at != clock.due_at
    if moved or told:
        turn.ledger(name, what, before=clock.due_at)
        turn.reminder(name)
    if moved:
        _task_follows(turn, name, changed.due_at)
    return moved


def _task_follows(turn: Turn, name: str, due_at: datetime | None) -> None:
    """The task that the clock gives time for, if it is such a clock, is due when it is."""
    code, material = item_of(name), checked_of(name)
    if material is not None:
        turn.task_due(TaskDue(check_task(material), nth_check(turn.checks, material), due_at))
    elif (data := looked_for_of(name)) is not None:
        turn.task_due(TaskDue(manual_task(data), turn.by_hand[data].round, due_at))
    elif (comparison := differs_of(name)) is not None:
        turn.task_due(TaskDue(discrepancy_task(comparison), turn.discrepancies[comparison].round, due_at))
    elif (approved := revoked_of(name)) is not None:
        turn.task_due(TaskDue(revoke_task(approved), turn.revocations[approved].round, due_at))
    elif code is not None and turn.items[code].state not in AT_DEPARTMENT:
        pass  # sent away: it has no task
    elif code is not None and legal_effect(name) is not LegalEffect.STATUTORY:
        step = step_of(name)
        if step is not None or not queries.is_with_system(turn, code):
            task = code if step is None else consult_task(*step)
            turn.task_due(TaskDue(task, turn.items[code].round, due_at))


def _warning(turn: Turn, since: datetime, due_at: datetime, limit: Limit) -> datetime | None:
    """None: it is too late to warn."""
    at = max(calendars.warning_at(turn.calendar, since, due_at, limit), turn.at)
    return at if at < due_at else None


_KINDS = (
    "clock_overdue",
    "clock_warned",
    "rung_fired",
    "deemed_accepted",
    "decided_by_silence",
    "patience_ended",
    "supplement_time_ended",
    "deferred_time_ended",
    "manual_time_ended",
    "look_up_due",
)
_ORDER = {kind: number for number, kind in enumerate(_KINDS)}
"""Of what falls on one moment: what has become of a clock, who is told, and only then what follows from it."""


def next_due(state: CaseState) -> tuple[datetime, Moment] | None:
    """The earliest moment that has not been stepped yet, with the event that it brings."""
    return min(_moments(state), key=lambda due: (due[0], _ORDER[due[1].kind]), default=None)


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
        moments += _of_clock(state, name, clock)
    for command_id, command in state.commands.items():
        if command.patience_at is not None:
            moments.append((command.patience_at, PatienceEnded(command=command_id)))
    for key, waiting in state.waits.items():
        if waiting.again_at is not None:
            moments.append((waiting.again_at, LookUpDue(data=key)))
    return moments


def _of_clock(state: CaseState, name: str, clock: RunningClock) -> Iterator[tuple[datetime, Moment]]:
    if clock.rung is not None:
        code, at = clock.rung
        yield at, RungFired(clock=name, rung=code)
    if clock.due_at is None:
        return
    item = item_of(name)
    if (
        clock.state is ClockState.OVERDUE
        and clock.silence is not None
        and item is not None
        and _may_decide(state, item)
    ):
        yield clock.due_at, DecidedBySilence(item=item, round=state.items[item].round, how=clock.silence)
    if clock.state is not ClockState.RUNNING:
        return
    if clock.warn_at is not None:
        yield clock.warn_at, ClockWarned(clock=name)
    elif name == NOTICE_CLOCK:
        yield clock.due_at, DeemedAccepted()
    elif name == SUPPLEMENT_CLOCK:
        yield clock.due_at, SupplementTimeEnded()
    elif (material := deferred_of(name)) is not None:
        yield clock.due_at, DeferredTimeEnded(material=material)
    elif (data := looked_for_of(name)) is not None:
        yield clock.due_at, ManualTimeEnded(data=data)
    else:
        yield clock.due_at, ClockOverdue(clock=name)


def _may_decide(state: CaseState, item: str) -> bool:
    """Not while the item stands still, or was sent away: a new calendar may say that its time was over before."""
    return state.items[item].state in {ItemState.OPEN, ItemState.CORRECTION}
