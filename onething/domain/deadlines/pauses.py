"""Time stands still and is given: suspending, resuming and extending the clocks of an item or of the case.

Sources: 行政许可法 Art. 45 (special procedures are not counted), Art. 42 (one extension).
"""

from onething.domain.calendar.countdown import Pause, PauseBasis
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
from onething.domain.events.deadlines import ClockExtended, ClockResumed, ClockSuspended
from onething.domain.events.intake import ItemCorrectionsAsked
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import ClockState, ItemState
from onething.domain.plan.plan import Plan

_EXTENDABLE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED})


def suspended(turn: Turn, event: ClockSuspended) -> None:
    turn.move_item(event.item, ItemState.SUSPENDED)
    _pause(turn, event.item, event.basis)
    turn.notice("suspended")


def resumed(turn: Turn, event: ClockResumed) -> None:
    turn.move_item(event.item, ItemState.OPEN)
    release(turn, event.item)
    turn.notice("resumed")


def corrections_asked(turn: Turn, event: ItemCorrectionsAsked) -> None:
    """Promises wait for what was asked for."""
    turn.move_item(event.item, ItemState.CORRECTION)
    turn.asked[event.item] = event.materials
    _pause(turn, event.item, PauseBasis.CORRECTION)
    turn.notice("corrections")


def supplied(turn: Turn, materials: tuple[str, ...]) -> None:
    """An item goes on when everything that it asked for has come anew."""
    for code, asked in turn.asked.items():
        turn.asked[code] = tuple(material for material in asked if material not in materials)
    complete = tuple(code for code, asked in turn.asked.items() if not asked)
    for code in complete:
        turn.move_item(code, ItemState.OPEN)
    release(turn, *complete)


def _pause(turn: Turn, code: str, basis: PauseBasis) -> None:
    pause = Pause(since=turn.at, basis=basis, item=code)
    for name in stopped_with(turn.plan, code):
        clock = turn.clocks.get(name)
        if basis is PauseBasis.CORRECTION and legal_effect(name) is not LegalEffect.PROMISE:
            continue
        if clock is not None and clock.state in _EXTENDABLE:
            turn.clocks[name] = clock.model_copy(update={"pauses": (*clock.pauses, pause)})
            deadlines_rules.recount(turn, name, "suspended")


def release(turn: Turn, *codes: str) -> None:
    """Nothing waits for these items any more: their pauses end, wherever they stopped a clock."""
    for code in codes:
        turn.asked.pop(code, None)
    for name in dict.fromkeys(name for code in codes for name in stopped_with(turn.plan, code)):
        clock = turn.clocks.get(name)
        if clock is not None and clock.state is ClockState.SUSPENDED:
            ended = tuple(_ended(pause, turn, codes) for pause in clock.pauses)
            if ended != clock.pauses:
                turn.clocks[name] = clock.model_copy(update={"pauses": ended})
                deadlines_rules.recount(turn, name, "resumed")


def _ended(pause: Pause, turn: Turn, items: tuple[str, ...]) -> Pause:
    is_open = pause.until is None and pause.item in items
    return pause.model_copy(update={"until": turn.at}) if is_open else pause


def away(turn: Turn, code: str) -> None:
    """The item is not at its department until it opens anew: its time stands still, that of the case goes on."""
    pause = Pause(since=turn.at, basis=PauseBasis.RETURNED, item=code)
    for name in (item_clock(code), item_statutory(code)):
        clock = turn.clocks.get(name)
        if clock is not None:
            turn.clocks[name] = clock.model_copy(update={"pauses": (*clock.pauses, pause)})
            deadlines_rules.recount(turn, name, "away")


def back(turn: Turn, code: str) -> None:
    """It is at its department again."""
    for name in (item_clock(code), item_statutory(code)):
        clock = turn.clocks.get(name)
        if clock is not None:
            ended = tuple(_ended(pause, turn, (code,)) for pause in clock.pauses)
            turn.clocks[name] = clock.model_copy(update={"pauses": ended})
            deadlines_rules.recount(turn, name, "back")


def extended(turn: Turn, event: ClockExtended) -> None:
    """The limit of the law, and the promise if it counts in the same unit: hours promised don't become days."""
    for name in extended_with(turn.plan, event.item):
        clock = turn.clocks[name]
        if clock.state in _EXTENDABLE:
            turn.clocks[name] = clock.model_copy(update={"extended": event.amount})
            deadlines_rules.recount(turn, name, "extended")
    turn.notice("extended")


def stopped_with(plan: Plan, code: str) -> tuple[str, ...]:
    """The clocks that a pause of the item stops: its own, and the case's if the item is on the critical path."""
    own = (item_clock(code), item_statutory(code))
    critical = plan.clocks is not None and code in plan.clocks.critical
    return (*own, CASE_CLOCK, CASE_STATUTORY) if critical else own


def extended_with(plan: Plan, code: str | None) -> tuple[str, ...]:
    """The clocks that an extension of the item, or of the case, lengthens; that of the law first."""
    promise, law = (CASE_CLOCK, CASE_STATUTORY) if code is None else (item_clock(code), item_statutory(code))
    same = limit_of(plan, promise).unit is limit_of(plan, law).unit
    return (law, promise) if same else (law,)
