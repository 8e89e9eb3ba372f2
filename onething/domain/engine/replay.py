"""What only the journal still knows of a decision: when it was made, and what of its time the item had used by then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from onething.domain.calendar.days import Calendar
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.domain.engine.step import fold
from onething.domain.events.deadlines import DecidedBySilence
from onething.domain.events.items import ItemReturned, TimeUsed
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import Event
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan

Lines = Sequence[tuple[int, datetime, Event]]


def sent_back(
    plan_of: Mapping[str, Plan],
    calendar_of: Mapping[str, Calendar],
    journal: Lines,
    *,
    item: str,
    round_no: int,
    to: str,
    reason: str,
) -> ItemReturned:
    """The event that returns the item `to`, with what of its time was used up at its last decision. Where there was
    none, it is one that the rules refuse."""
    decisions = [
        n
        for n, (_, _, event) in enumerate(journal)
        if isinstance(event, ItemDecided | DecidedBySilence) and event.item == to
    ]
    if not decisions:
        return ItemReturned(item=item, round=round_no, earlier=to, reason=reason, since=journal[-1][1])
    last = decisions[-1]
    before = fold(plan_of, calendar_of, journal[:last])
    return ItemReturned(
        item=item,
        round=round_no,
        earlier=to,
        reason=reason,
        since=journal[last][1],
        promised=_used(before, item_clock(to)) or TimeUsed(),
        statutory=_used(before, item_statutory(to)),
    )


def _used(state: CaseState, name: ClockId) -> TimeUsed | None:
    clock = state.clocks.get(name)
    if clock is None:
        return None
    return TimeUsed(pauses=clock.pauses, extended=clock.extended, fired=clock.fired, warn_at=clock.warn_at)
