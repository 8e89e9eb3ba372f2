"""The ladder of a clock: whom its passing is told, and with what card. Each rung fires at most once.

The next rung's moment is kept with the clock, so that finding it takes neither plan nor calendar.
"""

from datetime import datetime, timedelta

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import Countdown, PauseBasis
from onething.domain.calendar.days import Calendar, local_date
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import clock_of, item_of, legal_effect
from onething.domain.definition.time_rules import Card, LegalEffect, Recipient, Rung
from onething.domain.events.deadlines import MarksTakenBack, RungFired
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ClockState, RunningClock, Untrue
from onething.domain.kernel.step_result import RungReached, RungTakenBack
from onething.domain.plan.plan import Plan

NOT_ANSWERED = "not_answered"
_TICKING = frozenset({ClockState.RUNNING, ClockState.OVERDUE})


def has_rungs(plan: Plan) -> bool:
    """Then they take the place of the one warning before a promise is due."""
    return plan.clocks is not None and bool(plan.clocks.ladder)


def is_pressing(plan: Plan, promise: RunningClock | None) -> bool:
    """Whether the promise has been warned of, or is over: a supervisor looks at these first. Where the early rung does
    not come, as the time is too short for it, it is so from the start."""
    if promise is None or promise.state not in _TICKING or promise.due_at is None:
        return False
    if promise.state is ClockState.OVERDUE:
        return True
    if not has_rungs(plan):
        return promise.warn_at is None
    ladder = plan.clocks.ladder if plan.clocks else ()
    early = {rung.code: place for place, rung in enumerate(ladder) if _is_early_promise(rung)}
    if any(place in promise.fired for place in early.values()):
        return True
    return bool(early) and (promise.rung is None or promise.rung[0] not in early)


def _is_early_promise(rung: Rung) -> bool:
    return rung.of is LegalEffect.PROMISE and rung.is_early


def with_next_rung(reducer: Reducer, name: ClockId, clock: RunningClock) -> RunningClock:
    """The clock with the earliest rung that has not fired; one whose moment has passed fires at once."""
    ahead: list[tuple[str, datetime]] = []
    if reducer.plan.clocks is not None and clock.state in _TICKING:
        counted = clock_of(reducer.plan, name, clock)
        for place, rung in enumerate(reducer.plan.clocks.ladder):
            if rung.of is legal_effect(name) and place not in clock.fired:
                at = _moment(reducer, counted, clock, rung)
                if at is not None:
                    ahead.append((rung.code, max(at, reducer.at)))
    return clock.model_copy(update={"rung": min(ahead, key=lambda rung: rung[1], default=None)})


def _moment(reducer: Reducer, counted: Countdown, clock: RunningClock, rung: Rung) -> datetime | None:
    """None: the rung does not come, as it would at the very start, or early although the end has come."""
    if clock.due_at is None:
        return None
    if rung.days_after is not None:
        away = tuple(pause for pause in clock.pauses if pause.basis is PauseBasis.RETURNED)
        passed = countdown.due(reducer.calendar, Countdown(Limit(amount=rung.days_after), clock.due_at, away))
        return passed and passed.at
    if not rung.is_early:
        return clock.due_at
    if clock.due_at <= reducer.at:
        return None
    unit = timedelta(hours=1) if counted.counts_hours else timedelta(days=1)
    if rung.days_left is not None:
        part = counted.budget - rung.days_left * unit
    else:
        part = counted.budget * (rung.share_percent or 0) / 100
    at = countdown.reached(reducer.calendar, counted, part)
    if at is not None and at < clock.due_at:
        return at
    the_only_day = counted.amount == 1 and not counted.counts_hours and rung.days_left in (None, 1)
    return None if at is None and not the_only_day else _on_the_last_morning(reducer.calendar, clock)


def _on_the_last_morning(calendar: Calendar, clock: RunningClock) -> datetime | None:
    """A share is rounded up to whole days, and so may be all of them; a day before the end of one day would be its
    start; and the end may come before the budget is used up: an early rung then comes as offices open on the last day.
    None where that is no earlier than the end, or no later than the start."""
    if clock.due_at is None:
        return None
    morning = calendar.opens(local_date(clock.due_at))
    return morning if clock.started_at < morning < clock.due_at else None


def with_untrue(reducer: Reducer, name: ClockId, before: RunningClock) -> None:
    """By the calendar that holds from now on, what is on record of the clock may have come too early: kept with it
    until that is taken back. What has come by now is true by now."""
    clock = reducer.clocks[name]
    overdue = before.state is ClockState.OVERDUE and clock.state is ClockState.RUNNING
    codes: tuple[str, ...] = ()
    fired = clock.fired
    if clock.reply is not None:
        if overdue and clock.fired:
            codes, fired = (NOT_ANSWERED,), ()
    else:
        counted = clock_of(reducer.plan, name, clock)
        ladder = reducer.plan.clocks.ladder if reducer.plan.clocks else ()
        early = [place for place in clock.fired if not _has_come(reducer, counted, clock, ladder[place])]
        codes = tuple(ladder[place].code for place in early)
        fired = tuple(place for place in clock.fired if place not in early)
    if overdue or codes:
        untrue = Untrue(since=reducer.at, overdue=overdue, rungs=codes)
        clock = clock.model_copy(update={"fired": fired, "untrue": untrue})
        reducer.clocks[name] = with_next_rung(reducer, name, clock)


def _has_come(reducer: Reducer, counted: Countdown, clock: RunningClock, rung: Rung) -> bool:
    """Of a rung that has fired. While the clock stands still nobody can say otherwise."""
    if clock.due_at is None or (rung.is_early and clock.due_at <= reducer.at):
        return True
    at = _moment(reducer, counted, clock, rung)
    return not rung.is_early if at is None else at <= reducer.at


def taken_back(reducer: Reducer, event: MarksTakenBack) -> None:
    clock = reducer.clocks[event.clock]
    reducer.clocks[event.clock] = clock.model_copy(update={"untrue": None})
    if event.overdue:
        reducer.ledger(event.clock, "not_overdue")
    for code in event.rungs:
        reducer.ledger(event.clock, f"rung_back:{code}")
        reducer.rung_taken_back(RungTakenBack(event.clock, clock.started_at, code))


def fired(reducer: Reducer, event: RungFired) -> None:
    if reducer.plan.clocks is None:
        raise AssertionError("a plan without a ladder has no rungs")
    places = {rung.code: place for place, rung in enumerate(reducer.plan.clocks.ladder)}
    rung = reducer.plan.clocks.ladder[places[event.rung]]
    clock = reducer.clocks[event.clock]
    clock = clock.model_copy(update={"fired": (*clock.fired, places[event.rung])})
    reducer.clocks[event.clock] = with_next_rung(reducer, event.clock, clock)
    reducer.ledger(event.clock, f"rung:{event.rung}")
    reducer.rung_reached(
        RungReached(event.clock, clock.started_at, rung.code, item_of(event.clock), rung.tells, rung.card)
    )


def not_answered(reducer: Reducer, name: ClockId) -> None:
    """The supervisor is told of what nobody answered in time, once: with a yellow card for an urge, a red one for a
    supervision (assumed: no rule of law gives these cards)."""
    clock = reducer.clocks[name]
    if clock.reply is None or clock.fired:
        return
    reducer.clocks[name] = clock.model_copy(update={"fired": (0,)})
    card = Card.YELLOW if name.kind is ClockKind.URGE else Card.RED
    reducer.rung_reached(
        RungReached(name, clock.started_at, NOT_ANSWERED, clock.reply.item, (Recipient.SUPERVISOR,), card)
    )
