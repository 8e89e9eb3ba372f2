"""Deadlines of a case: starting, warning, missing, stopping and recomputing a clock."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from onething.domain.calendar import countdown
from onething.domain.calendar import days as calendars
from onething.domain.calendar.countdown import Pause
from onething.domain.calendar.days import ONE_DAY, day_begins
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines import escalation
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CLOCKS,
    clock_of,
    concerns_applicant,
    item_of,
    legal_effect,
    limit_of,
)
from onething.domain.deadlines.escalation import has_rungs, with_next_rung
from onething.domain.definition.time_rules import LegalEffect, OverdueHow
from onething.domain.events.deadlines import (
    ClockOverdue,
    ClockWarned,
    DecidedBySilence,
    InspectionDayEnded,
    LookUpDue,
    MarksTakenBack,
    Moment,
    PatienceEnded,
    PauseTimeEnded,
    RungFired,
)
from onething.domain.events.items import TimeUsed
from onething.domain.kernel import queries
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    ALIVE,
    AT_DEPARTMENT,
    CaseState,
    ClockState,
    Reply,
    RunningClock,
    nth_check,
)
from onething.domain.kernel.step_result import TaskDue
from onething.domain.kernel.task_ref import (
    TaskKind,
    TaskName,
)

__all__ = ["ALIVE", "CASE_CLOCK", "miss", "next_due", "next_wake_at", "recount", "seen", "start", "stop"]


def start(
    reducer: Reducer,
    name: ClockId,
    since: datetime | None = None,
    *,
    reply: Reply | None = None,
    agreed: Limit | None = None,
) -> datetime:
    """Start a clock at `since` (default: the event's moment); returns when it is due. `agreed`: its budget, where law
    and plan give it none."""
    since = since or reducer.at
    limit = agreed or limit_of(reducer.plan, name, reply)
    due = countdown.end(reducer.calendar, since, limit)
    silence = _silence(reducer, name)
    clock = RunningClock(started_at=since, due_at=due.at, provisional=due.provisional, silence=silence, reply=reply)
    clock = clock if agreed is None else clock.model_copy(update={"limit": agreed})
    reminds = name.kind is ClockKind.SUPPLEMENT  # the applicant: silence has consequences
    if reminds or (legal_effect(name) is LegalEffect.PROMISE and not has_rungs(reducer.plan)):
        clock = clock.model_copy(update={"warn_at": _warning(reducer, since, due.at, limit)})
    reducer.clocks[name] = with_next_rung(reducer, name, clock)
    reducer.ledger(name, "started")
    reducer.reminder(name)
    return due.at


def go_on(reducer: Reducer, name: ClockId, used: TimeUsed, since: datetime, away: Pause) -> None:
    """A clock that had ended runs once more: with what it had used, but for the time in which nobody had the item."""
    ended = reducer.clocks.get(name)
    missed = ended is not None and ended.state is ClockState.MISSED
    clock = RunningClock(
        started_at=since,
        due_at=None,
        warn_at=used.warn_at,
        state=ClockState.OVERDUE if missed else ClockState.RUNNING,
        pauses=(*_closed(used.pauses, away.since), away),
        extended=used.extended,
        fired=used.fired,
        silence=_silence(reducer, name),
    )
    reducer.clocks[name] = clock
    recount(reducer, name, "back")


def stop(reducer: Reducer, name: ClockId, *, met: bool = True) -> None:
    """The promised thing is done (or, with `met=False`, no longer owed)."""
    clock = reducer.clocks.get(name)
    if clock is None or clock.state not in ALIVE:
        return
    if not met:
        state = ClockState.CANCELLED
    else:
        state = ClockState.MISSED if clock.state is ClockState.OVERDUE else ClockState.MET
    _ended(reducer, name, state)
    reducer.reminder(name)
    if clock.reply is not None or (legal_effect(name) is not LegalEffect.PROMISE and state is not ClockState.MISSED):
        del reducer.clocks[name]  # no rule asks for it any more, and the ledger has it: states stay small


def miss(reducer: Reducer, name: ClockId) -> None:
    """The time is over, and what it was for can't be done any more."""
    _ended(reducer, name, ClockState.MISSED)


def _ended(reducer: Reducer, name: ClockId, state: ClockState) -> None:
    nothing_ahead = {"warn_at": None, "rung": None, "fired": (), "silence": None}
    clock = reducer.clocks[name]
    pauses = _closed(clock.pauses, reducer.at)
    reducer.clocks[name] = clock.model_copy(update={"state": state, "pauses": pauses, **nothing_ahead})
    reducer.ledger(name, state)


def _closed(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    return tuple(one if one.until else one.model_copy(update={"until": at}) for one in pauses)


def _silence(reducer: Reducer, name: ClockId) -> OverdueHow | None:
    """What the end of the time brings by itself: of an item's statutory time only."""
    code = item_of(name)
    if code is None or legal_effect(name) is not LegalEffect.STATUTORY:
        return None
    how = reducer.plan.item_by_code[code].overdue
    return None if how is OverdueHow.ESCALATE else how


_ABOUT_WHAT_STANDS = frozenset(
    {
        *(ClockKind.CHECK, ClockKind.RECTIFY, ClockKind.REVOCATION, ClockKind.OWED),
        # of a case that had been closed, and was reopened
        *(ClockKind.DELIVERY, ClockKind.RATING_CONTACT, ClockKind.RATING_RECTIFY),
    }
)


def cancel_undecided(reducer: Reducer) -> None:
    """The case has ended early. What was granted stands: whether it may is looked into in the same time; what it gave
    before it was reopened is still to be delivered, and what was thought of that to be answered."""
    for name in tuple(reducer.clocks):
        if name.kind not in _ABOUT_WHAT_STANDS:
            stop(reducer, name, met=False)


def warned(reducer: Reducer, event: ClockWarned) -> None:
    reducer.clocks[event.clock] = reducer.clocks[event.clock].model_copy(update={"warn_at": None})
    reducer.ledger(event.clock, "warned")
    if event.clock.kind is ClockKind.SUPPLEMENT:
        reducer.notice("supplement_reminder")


def overdue(reducer: Reducer, event: ClockOverdue) -> None:
    clock = reducer.clocks[event.clock]
    clock = clock.model_copy(update={"state": ClockState.OVERDUE, "warn_at": None})
    reducer.clocks[event.clock] = with_next_rung(reducer, event.clock, clock)
    reducer.ledger(event.clock, "overdue")
    escalation.not_answered(reducer, event.clock)


def calendar_changed(reducer: Reducer) -> None:
    """Every clock that ticks is counted again, from its start, by the new calendar. One notice for all that moved."""
    reducer.set(calendar=reducer.calendar.digest)
    alive = [
        name
        for name, clock in reducer.clocks.items()
        if clock.state in ALIVE and name.kind is not ClockKind.DEFERRED  # counted again when promises have been
    ]
    moved: list[ClockId] = []
    for name in alive:
        before = reducer.clocks[name]
        if recount(reducer, name, "recounted", always=False):
            moved.append(name)
            _warn_anew(reducer, name)
            escalation.with_untrue(reducer, name, before)
    if any(map(concerns_applicant, moved)):
        reducer.notice("date_moved")


def _warn_anew(reducer: Reducer, name: ClockId) -> None:
    """Who was warned of a date that has moved away is warned of the new one."""
    clock = reducer.clocks[name]
    if legal_effect(name) is LegalEffect.PROMISE and not has_rungs(reducer.plan) and clock.due_at is not None:
        limit = clock_of(reducer.plan, name, clock).limit
        at = calendars.warning_at(reducer.calendar, clock.started_at, clock.due_at, limit)
        if clock.warn_at is None and reducer.at < at < clock.due_at:
            reducer.clocks[name] = clock.model_copy(update={"warn_at": at})


def recount(reducer: Reducer, name: ClockId, what: str, *, always: bool = True) -> bool:
    """Compute anew when a clock that is alive is due, and whether it stands still. A line in the ledger, with
    `always=False` only if the due date moved. One that was overdue and is no longer runs again. Whether it moved."""
    clock = reducer.clocks[name]
    counted = clock_of(reducer.plan, name, clock)
    due = countdown.due(reducer.calendar, counted)
    moments: dict[str, object] = {"state": ClockState.SUSPENDED, "due_at": None, "provisional": False}
    if due is not None:
        over = clock.state is ClockState.OVERDUE and due.at <= reducer.at
        moments = {"state": ClockState.OVERDUE if over else ClockState.RUNNING, "due_at": due.at}
        moments |= {"provisional": due.provisional, "warn_at": None}
        if clock.warn_at is not None:
            moments |= {"warn_at": _warning(reducer, clock.started_at, due.at, counted.limit)}
    changed = with_next_rung(reducer, name, clock.model_copy(update=moments))
    reducer.clocks[name] = changed
    moved = changed.due_at != clock.due_at
    if moved or always:
        reducer.ledger(name, what, before=clock.due_at)
        reducer.reminder(name)
    if moved:
        _task_follows(reducer, name, changed.due_at)
    return moved


def _task_follows(reducer: Reducer, name: ClockId, due_at: datetime | None) -> None:
    """The task that the clock gives time for, if it is such a clock, is due when it is."""
    kind, code = CLOCKS[name.kind].task, name.code
    match kind:
        case None:
            return
        case TaskKind.CHECK:
            round_no = nth_check(reducer.checks, code)
        case TaskKind.MANUAL_CHECK:
            round_no = reducer.by_hand[code].round
        case TaskKind.DISCREPANCY:
            round_no = reducer.discrepancies[code].round
        case TaskKind.REVOKE:
            round_no = reducer.revocations[code].round
        case TaskKind.CONSULT:
            [round_no] = [one.round for one in reducer.consults[code] if one.n == name.number]
        case _:
            if reducer.items[code].state not in AT_DEPARTMENT:
                return  # sent away: it has no task
            if queries.is_with_system(reducer, code):
                return
            round_no = reducer.items[code].round
    reducer.task_due(TaskDue(TaskName.of(kind, code, name.number), round_no, due_at))


def _warning(reducer: Reducer, since: datetime, due_at: datetime, limit: Limit) -> datetime | None:
    """None: it is too late to warn."""
    at = max(calendars.warning_at(reducer.calendar, since, due_at, limit), reducer.at)
    return at if at < due_at else None


_KINDS = (
    "marks_taken_back",
    "pause_time_ended",
    "clock_overdue",
    "clock_warned",
    "rung_fired",
    "deemed_accepted",
    "decided_by_silence",
    "patience_ended",
    "supplement_time_ended",
    "deferred_time_ended",
    "demand_time_ended",
    "period_ended",
    "inspection_day_ended",
    "mending_time_ended",
    "rectify_time_ended",
    "owed_time_ended",
    "manual_time_ended",
    "look_up_due",
)
_ORDER = {kind: number for number, kind in enumerate(_KINDS)}
"""Of what falls on one moment: what has become of a clock, who is told, and only then what follows from it."""


def next_due(state: CaseState) -> tuple[datetime, Moment] | None:
    """The earliest moment that has not been stepped yet, with the event that it brings."""
    moments = _moments(state)
    if not moments:
        return None
    first = min(at for at, _ in moments)
    events = (event() for at, event in moments if at == first)
    return first, min(events, key=lambda event: _ORDER[event.kind])


def seen(moment: Moment, now: datetime) -> Moment:
    """The moment as it is recorded by who looks at `now`."""
    return moment.model_copy(update={"seen_at": now}) if isinstance(moment, PatienceEnded) else moment


def next_wake_at(state: CaseState) -> datetime | None:
    """When somebody has to look at the case again, if nothing happens before."""
    return min((at for at, _ in _moments(state)), default=None)


_Due = tuple[datetime, Callable[[], Moment]]
"""A moment to come, and what makes its event: one of many is made, so the others cost nothing."""


def _moments(state: CaseState) -> list[_Due]:
    moments: list[_Due] = []
    for name, clock in state.clocks.items():
        moments += _of_clock(state, name, clock)
    for command_id, command in state.commands.items():
        if command.patience_at is not None:
            moments.append((command.patience_at, partial(PatienceEnded, command=command_id)))
    for code, inspection in state.planned.items():
        if inspection.on is not None and inspection.waits_for_day:
            moments.append((day_begins(inspection.on + ONE_DAY), partial(InspectionDayEnded, inspection=code)))
    for key, waiting in state.waits.items():
        if waiting.again_at is not None:
            moments.append((waiting.again_at, partial(LookUpDue, data=key)))
    return moments


def _of_clock(state: CaseState, name: ClockId, clock: RunningClock) -> Iterator[_Due]:
    if clock.untrue is not None:
        said = clock.untrue
        yield said.since, partial(MarksTakenBack, clock=name, overdue=said.overdue, rungs=said.rungs)
    if clock.rung is not None:
        code, at = clock.rung
        yield at, partial(RungFired, clock=name, rung=code)
    if clock.state in ALIVE:
        for pause in clock.pauses:
            if pause.until is None and pause.ends_at is not None and pause.item is not None:
                yield pause.ends_at, partial(PauseTimeEnded, item=pause.item)
    if clock.due_at is None:
        return
    if clock.state is ClockState.OVERDUE and clock.silence is not None:
        item = item_of(name)
        if item is not None and _may_decide(state, item, clock):
            round_no = state.items[item].round
            yield clock.due_at, partial(DecidedBySilence, item=item, round=round_no, how=clock.silence)
    if clock.state is not ClockState.RUNNING:
        return
    if clock.warn_at is not None:
        yield clock.warn_at, partial(ClockWarned, clock=name)
    else:
        yield clock.due_at, partial(CLOCKS[name.kind].end, name)


def _may_decide(state: CaseState, item: str, clock: RunningClock) -> bool:
    """Not while the law's time stands still, or the item was sent away: a new calendar may say that its time was over
    before. A procedure that stops promises only keeps nothing from coming."""
    stands = any(pause.until is None for pause in clock.pauses)
    return state.items[item].state in AT_DEPARTMENT and not stands
