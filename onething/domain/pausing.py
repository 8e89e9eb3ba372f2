"""Time stands still and is given: suspending, resuming and extending the clocks of an item or of the case.

Sources: 行政许可法 Art. 45 (special procedures are not counted), Art. 42 (one extension).
"""

from onething.domain import deadlines
from onething.domain.clock_kinds import CASE_CLOCK, CASE_STATUTORY, item_clock, item_statutory, limit_of
from onething.domain.clocks import Pause
from onething.domain.commands import CommandKind
from onething.domain.events import ClockExtended, ClockResumed, ClockSuspended
from onething.domain.plan import Plan
from onething.domain.state import ClockState, ItemState
from onething.domain.turn import Turn

_EXTENDABLE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED})


def suspended(turn: Turn, event: ClockSuspended) -> None:
    turn.move_item(event.item, ItemState.SUSPENDED)
    pause = Pause(since=turn.at, basis=event.basis, item=event.item)
    for name in stopped_with(turn.plan, event.item):
        clock = turn.clocks.get(name)
        if clock is not None and clock.state in _EXTENDABLE:
            turn.clocks[name] = clock.model_copy(update={"pauses": (*clock.pauses, pause)})
            deadlines.recount(turn, name, "suspended")
    turn.command(CommandKind.SEND_NOTICES, "suspended", turn.plan.notice_patience_minutes)


def resumed(turn: Turn, event: ClockResumed) -> None:
    turn.move_item(event.item, ItemState.OPEN)
    for name in stopped_with(turn.plan, event.item):
        clock = turn.clocks.get(name)
        if clock is not None and clock.state is ClockState.SUSPENDED:
            ended = tuple(_ended(pause, turn, event.item) for pause in clock.pauses)
            if ended != clock.pauses:
                turn.clocks[name] = clock.model_copy(update={"pauses": ended})
                deadlines.recount(turn, name, "resumed")


def _ended(pause: Pause, turn: Turn, item: str) -> Pause:
    is_open = pause.until is None and pause.item == item
    return pause.model_copy(update={"until": turn.at}) if is_open else pause


def extended(turn: Turn, event: ClockExtended) -> None:
    """The limit of the law, and the promise if it counts in the same unit: hours promised don't become days."""
    for name in extended_with(turn.plan, event.item):
        clock = turn.clocks[name]
        if clock.state in _EXTENDABLE:
            turn.clocks[name] = clock.model_copy(update={"extended": event.amount})
            deadlines.recount(turn, name, "extended")
    turn.command(CommandKind.SEND_NOTICES, "extended", turn.plan.notice_patience_minutes)


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
