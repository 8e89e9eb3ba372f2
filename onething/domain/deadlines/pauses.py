"""Time stands still and is given: suspending, resuming and extending the clocks of an item or of the case.

Sources: 行政许可法 Art. 45 (special procedures are not counted), Art. 42 (one extension).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import Countdown, Pause, PauseBasis
from onething.domain.calendar.days import Calendar
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    demand_clock,
    item_clock,
    item_statutory,
    legal_effect,
    limit_of,
)
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.events.deadlines import (
    ClockExtended,
    ClockResumed,
    ClockSuspended,
    DemandTimeEnded,
    PauseTimeEnded,
)
from onething.domain.events.intake import DemandTakenBack, ItemCorrectionsAsked
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
    """Where the item was sent away meanwhile, the procedure is over, and its time runs when it is back."""
    here = reducer.items[event.item].state is ItemState.SUSPENDED
    if here:
        reducer.move_item(event.item, ItemState.OPEN)
    _end(reducer, (event.item,), _is_procedure)
    if here:
        reducer.notice("resumed")


def corrections_asked(reducer: Reducer, event: ItemCorrectionsAsked) -> None:
    """Promises wait for what was asked for."""
    reducer.move_item(event.item, ItemState.CORRECTION)
    reducer.requested[event.item] = event.materials
    deadlines_rules.start(reducer, demand_clock(event.item))
    _pause(reducer, event.item, PauseBasis.CORRECTION, promises_only=True)
    reducer.notice("corrections")


def supplied(reducer: Reducer, materials: tuple[str, ...]) -> None:
    """An item goes on when everything that it asked for has come anew."""
    for code, asked in reducer.requested.items():
        reducer.requested[code] = tuple(material for material in asked if material not in materials)
    complete = tuple(code for code, asked in reducer.requested.items() if not asked)
    for code in complete:
        deadlines_rules.stop(reducer, demand_clock(code))
        reducer.brought[code] = reducer.items[code].round
    _ask_no_more(reducer, complete)


def demand_taken_back(reducer: Reducer, event: DemandTakenBack) -> None:
    deadlines_rules.stop(reducer, demand_clock(event.item), met=False)
    _ask_no_more(reducer, (event.item,))
    reducer.notice("demand_taken_back")


def demand_time_ended(reducer: Reducer, event: DemandTimeEnded) -> None:
    """The office decides on what there is; nothing else follows from the applicant's silence."""
    deadlines_rules.miss(reducer, demand_clock(event.item))
    _ask_no_more(reducer, (event.item,))


def _ask_no_more(reducer: Reducer, codes: tuple[str, ...]) -> None:
    for code in codes:
        del reducer.requested[code]
        if reducer.items[code].state is ItemState.CORRECTION:  # else an earlier item was sent back meanwhile
            reducer.move_item(code, ItemState.OPEN)
    _end(reducer, codes, lambda basis: basis is PauseBasis.CORRECTION)


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


def for_period(reducer: Reducer, code: str, *, promises_only: bool) -> None:
    """No authority decides until it is over: if it is on the longest way, the time of the whole stands still."""
    _pause(reducer, code, PauseBasis.PERIOD, promises_only=promises_only)


def for_rectifying(reducer: Reducer, inspection: str, items: Iterable[str], *, promises_only: bool) -> None:
    """The applicant mends what was found of these items: that takes none of their departments' time."""
    for code in (inspection, *items):
        _pause(reducer, code, PauseBasis.RECTIFYING, promises_only=promises_only)


def rectified(reducer: Reducer, inspection: str, items: Iterable[str]) -> None:
    """Or will not be."""
    _end(reducer, (inspection, *items), lambda basis: basis is PauseBasis.RECTIFYING)


def release(reducer: Reducer, *codes: str) -> None:
    """Nothing waits for these any more: their pauses end, wherever they stopped a clock."""
    for code in codes:
        reducer.requested.pop(code, None)
        deadlines_rules.stop(reducer, demand_clock(code), met=False)
    _end(reducer, codes, lambda basis: True)


def _end(reducer: Reducer, codes: tuple[str, ...], which: Callable[[PauseBasis], bool], what: str = "resumed") -> None:
    """The open pauses of these items on such a basis are over, wherever they stopped a clock."""
    for name in dict.fromkeys(name for code in codes for name in stopped_with(reducer.plan, code)):
        clock = reducer.clocks.get(name)
        if clock is not None and clock.state in ALIVE:
            ended = tuple(
                pause.model_copy(update={"until": reducer.at})
                if pause.until is None and pause.item in codes and which(pause.basis)
                else pause
                for pause in clock.pauses
            )
            if ended != clock.pauses:
                reducer.clocks[name] = clock.model_copy(update={"pauses": ended})
                deadlines_rules.recount(reducer, name, what)


def _is_procedure(basis: PauseBasis) -> bool:
    """A department or a supervisor began it, and ends it."""
    return basis not in {PauseBasis.CORRECTION, PauseBasis.RETURNED, PauseBasis.RECTIFYING}


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
    _end(reducer, (code,), lambda basis: basis is PauseBasis.RETURNED, "back")


def stand_as_before(reducer: Reducer, code: str) -> None:
    """It was suspended, or waited for the applicant, when it was sent away, and that is not over. A promise that was
    over by then stood not still: the law's clock may be the only one that does."""
    if reducer.requested.get(code):
        reducer.move_item(code, ItemState.CORRECTION)
    elif any(pause.until is None and _is_procedure(pause.basis) for pause in _of_item(reducer, code)):
        reducer.move_item(code, ItemState.SUSPENDED)


def extended(reducer: Reducer, event: ClockExtended) -> None:
    """The limit of the law, and the promise if it counts in the same unit: hours promised don't become days."""
    for name in extended_with(reducer.plan, event.item):
        clock = reducer.clocks[name]
        if clock.state in _EXTENDABLE:
            reducer.clocks[name] = clock.model_copy(update={"extended": event.amount})
            deadlines_rules.recount(reducer, name, "extended")
    reducer.notice("extended")


def stopped_with(plan: Plan, code: str) -> tuple[ClockId, ...]:
    """The clocks that a pause of the item, period or inspection stops: its own, and the case's if it is on the critical
    path."""
    own = (item_clock(code), item_statutory(code))
    critical = plan.clocks is not None and code in plan.clocks.critical
    return (*own, CASE_CLOCK, CASE_STATUTORY) if critical else own


def extended_with(plan: Plan, code: str | None) -> tuple[ClockId, ...]:
    """The clocks that an extension of the item, or of the case, lengthens; that of the law first."""
    promise, law = (CASE_CLOCK, CASE_STATUTORY) if code is None else (item_clock(code), item_statutory(code))
    same = limit_of(plan, promise).unit is limit_of(plan, law).unit
    return (law, promise) if same else (law,)
