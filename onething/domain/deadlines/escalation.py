"""The ladder of a clock: whom its passing is told, and with what card. Each rung fires at most once.

The next rung's moment is kept with the clock, so that finding it takes neither plan nor calendar.
"""

from datetime import datetime, timedelta

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import Countdown, PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import clock_of, item_of, legal_effect
from onething.domain.definition.time_rules import Card, Recipient, Rung
from onething.domain.events.deadlines import RungFired
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ClockState, RunningClock
from onething.domain.kernel.step_result import RungReached
from onething.domain.plan.plan import Plan

NOT_ANSWERED = "not_answered"
_TICKING = frozenset({ClockState.RUNNING, ClockState.OVERDUE})


def has_rungs(plan: Plan) -> bool:
    """Then they take the place of the one warning before a promise is due."""
    return plan.clocks is not None and bool(plan.clocks.ladder)


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
    """None: the rung does not come, as it would at the very start."""
    if clock.due_at is None:
        return None
    if rung.days_after is not None:
        away = tuple(pause for pause in clock.pauses if pause.basis is PauseBasis.RETURNED)
        passed = countdown.due(reducer.calendar, Countdown(Limit(amount=rung.days_after), clock.due_at, away))
        return passed and passed.at
    if rung.days_left == 0:
        return clock.due_at
    unit = timedelta(hours=1) if counted.counts_hours else timedelta(days=1)
    if rung.days_left is not None:
        return countdown.reached(reducer.calendar, counted, counted.budget - rung.days_left * unit)
    return countdown.reached(reducer.calendar, counted, counted.budget * (rung.share_percent or 0) / 100)


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
