"""Time stands still and is given: suspending, resuming and extending the clocks of an item or of the case.

Sources: 行政许可法 Art. 45 (special procedures are not counted), Art. 42 (one extension).
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import Countdown, Pause, PauseBasis
from onething.domain.calendar.days import Calendar
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    item_clock,
    item_statutory,
    legal_effect,
    limit_of,
)
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.events.deadlines import ClockExtended, ClockResumed, ClockSuspended, PauseTimeEnded
from onething.domain.events.intake import ItemCorrectionsAsked
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ALIVE, ClockState, ItemState
from onething.domain.plan.plan import Plan, PlanPause

_EXTENDABLE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED})


def suspended(reducer: Reducer, event: ClockSuspended) -> None:
    reducer.move_item(event.item, ItemState.SUSPENDED)
    rule = reducer.plan.item_by_code[event.item].pause_for(event.basis)
    ends_at = (
        None if rule is None else procedure_ends(reducer.calendar, rule, _of_item(reducer, event.item), reducer.at)
    )
    _pause(reducer, event.item, event.basis, ends_at, promises_only=rule is not None and not rule.stops_law)
    reducer.notice("suspended")


def resumed(reducer: Reducer, event: ClockResumed | PauseTimeEnded) -> None:
    reducer.move_item(event.item, ItemState.OPEN)
    release(reducer, event.item)
    reducer.notice("resumed")


def corrections_asked(reducer: Reducer, event: ItemCorrectionsAsked) -> None:
    """Promises wait for what was asked for."""
    reducer.move_item(event.item, ItemState.CORRECTION)
    reducer.requested[event.item] = event.materials
    _pause(reducer, event.item, PauseBasis.CORRECTION, promises_only=True)
    reducer.notice("corrections")


def supplied(reducer: Reducer, materials: tuple[str, ...]) -> None:
    """An item goes on when everything that it asked for has come anew."""
    for code, asked in reducer.requested.items():
        reducer.requested[code] = tuple(material for material in asked if material not in materials)
    complete = tuple(code for code, asked in reducer.requested.items() if not asked)
    for code in complete:
        reducer.move_item(code, ItemState.OPEN)
    release(reducer, *complete)


def _of_item(reducer: Reducer, code: str) -> tuple[Pause, ...]:
    clocks = (reducer.clocks.get(name) for name in (item_clock(code), item_statutory(code)))
    pauses = (pause for clock in clocks if clock is not None for pause in clock.pauses if pause.item == code)
    return tuple(sorted(dict.fromkeys(pauses), key=lambda pause: pause.since))


def procedure_ends(calendar: Calendar, rule: PlanPause, pauses: Iterable[Pause], at: datetime) -> datetime:
    """When the procedure, going on or anew from `at` on, has taken as long as it may: what it took in earlier `pauses`
    of the item, in the order in which they began, counts. Not after `at`: it has."""
    taken = [(one.since, one.until or at) for one in pauses if one.basis is rule.procedure]
    between = tuple(
        Pause(since=until, until=since, basis=rule.procedure)
        for (_, until), (since, _) in pairwise((*taken, (at, at)))
        if until < since
    )
    found = countdown.due(calendar, Countdown(rule.at_most, taken[0][0] if taken else at, between))
    if found is None:
        raise AssertionError("nothing stops it")
    return found.at


def _pause(
    reducer: Reducer, code: str, basis: PauseBasis, ends_at: datetime | None = None, *, promises_only: bool = False
) -> None:
    pause = Pause(since=reducer.at, basis=basis, item=code, ends_at=ends_at)
    for name in stopped_with(reducer.plan, code):
        clock = reducer.clocks.get(name)
        if promises_only and legal_effect(name) is not LegalEffect.PROMISE:
            continue
        if clock is not None and clock.state in _EXTENDABLE:
            reducer.clocks[name] = clock.model_copy(update={"pauses": (*clock.pauses, pause)})
            deadlines_rules.recount(reducer, name, "suspended")


def release(reducer: Reducer, *codes: str) -> None:
    """Nothing waits for these items any more: their pauses end, wherever they stopped a clock."""
    for code in codes:
        reducer.requested.pop(code, None)
    for name in dict.fromkeys(name for code in codes for name in stopped_with(reducer.plan, code)):
        clock = reducer.clocks.get(name)
        if clock is not None and clock.state in ALIVE:
            ended = tuple(_ended(pause, reducer, codes) for pause in clock.pauses)
            if ended != clock.pauses:
                reducer.clocks[name] = clock.model_copy(update={"pauses": ended})
                deadlines_rules.recount(reducer, name, "resumed")


def _ended(pause: Pause, reducer: Reducer, items: tuple[str, ...]) -> Pause:
    is_open = pause.until is None and pause.item in items
    return pause.model_copy(update={"until": reducer.at}) if is_open else pause


def calendar_changed(reducer: Reducer) -> None:
    """How long what stands still may take at most is counted by the new calendar too."""
    for name, clock in reducer.clocks.items():
        for pause in clock.pauses:
            if pause.until is None and pause.ends_at is not None and pause.item is not None:
                rule = reducer.plan.item_by_code[pause.item].pause_for(pause.basis)
                if rule is not None:
                    ends_at = procedure_ends(reducer.calendar, rule, _of_item(reducer, pause.item), reducer.at)
                    moved = pause.model_copy(update={"ends_at": ends_at})
                    kept = tuple(moved if one is pause else one for one in clock.pauses)
                    reducer.clocks[name] = clock.model_copy(update={"pauses": kept})


def away(reducer: Reducer, code: str) -> None:
    """The item is not at its department until it opens anew: its time stands still, that of the case goes on."""
    pause = Pause(since=reducer.at, basis=PauseBasis.RETURNED, item=code)
    for name in (item_clock(code), item_statutory(code)):
        clock = reducer.clocks.get(name)
        if clock is not None:
            reducer.clocks[name] = clock.model_copy(update={"pauses": (*clock.pauses, pause)})
            deadlines_rules.recount(reducer, name, "away")


def back(reducer: Reducer, code: str) -> None:
    """It is at its department again."""
    for name in (item_clock(code), item_statutory(code)):
        clock = reducer.clocks.get(name)
        if clock is not None:
            ended = tuple(_ended(pause, reducer, (code,)) for pause in clock.pauses)
            reducer.clocks[name] = clock.model_copy(update={"pauses": ended})
            deadlines_rules.recount(reducer, name, "back")


def extended(reducer: Reducer, event: ClockExtended) -> None:
    """The limit of the law, and the promise if it counts in the same unit: hours promised don't become days."""
    for name in extended_with(reducer.plan, event.item):
        clock = reducer.clocks[name]
        if clock.state in _EXTENDABLE:
            reducer.clocks[name] = clock.model_copy(update={"extended": event.amount})
            deadlines_rules.recount(reducer, name, "extended")
    reducer.notice("extended")


def stopped_with(plan: Plan, code: str) -> tuple[ClockId, ...]:
    """The clocks that a pause of the item stops: its own, and the case's if the item is on the critical path."""
    own = (item_clock(code), item_statutory(code))
    critical = plan.clocks is not None and code in plan.clocks.critical
    return (*own, CASE_CLOCK, CASE_STATUTORY) if critical else own


def extended_with(plan: Plan, code: str | None) -> tuple[ClockId, ...]:
    """The clocks that an extension of the item, or of the case, lengthens; that of the law first."""
    promise, law = (CASE_CLOCK, CASE_STATUTORY) if code is None else (item_clock(code), item_statutory(code))
    same = limit_of(plan, promise).unit is limit_of(plan, law).unit
    return (law, promise) if same else (law,)
