"""容缺: materials that may come after acceptance, and what follows when they do not.

Source: none in law. As one city set it: supplied within 20 working days of acceptance and at least 2 working days
before the promise of the item that needs it ends; otherwise the offices decide on what there
is; that the case ends takes a law that says so. Each definition says its numbers.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import DueDate
from onething.domain.calendar.days import ONE_DAY, Calendar, is_working_day, local_date
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import clock_of, deferred_clock, item_clock
from onething.domain.definition.time_rules import Missed
from onething.domain.events.deadlines import DeferredTimeEnded
from onething.domain.events.intake import Accepted
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import SETTLED, CaseState, CaseStatus, RunningClock
from onething.domain.plan.plan import Plan
from onething.domain.undo import rules as undo_rules


def accepted(reducer: Reducer, event: Accepted) -> None:
    """Their time begins with the acceptance."""
    reducer.deferred = event.deferred
    for material in event.deferred:
        deadlines_rules.start(reducer, deferred_clock(material))


def supplied(reducer: Reducer, materials: Iterable[str]) -> None:
    _end(reducer, [code for code in reducer.deferred if code in materials], met=True)


def drop_unneeded(reducer: Reducer) -> None:
    """What only settled items need is not waited for any more."""
    needed = {
        code
        for item in reducer.plan.items
        if reducer.items[item.code].state not in SETTLED
        for code in item.needs_materials
    }
    _end(reducer, [code for code in reducer.deferred if code not in needed], met=False)


def needed_again(reducer: Reducer, items: Iterable[str]) -> None:
    """By items that go on since the case was reopened: what they were let wait for, and nobody waited for since, has
    its whole time once more (assumed)."""
    needed = {code for item in items for code in reducer.plan.item_by_code[item].needs_materials}
    for material in reducer.plan.materials:
        if material.may_wait and material.code in needed and not reducer.has_material(material.code):
            reducer.deferred = (*reducer.deferred, material.code)
            deadlines_rules.start(reducer, deferred_clock(material.code))


def _end(reducer: Reducer, materials: Iterable[str], *, met: bool) -> None:
    for material in materials:
        deadlines_rules.stop(reducer, deferred_clock(material), met=met)
        reducer.deferred = tuple(code for code in reducer.deferred if code != material)


def time_ended(reducer: Reducer, event: DeferredTimeEnded) -> None:
    """The plan's policy: the offices decide on what there is; or, where a law says so, what is undecided ends."""
    deadlines_rules.miss(reducer, deferred_clock(event.material))
    rule = reducer.plan.material_by_code[event.material].due
    if rule is not None and rule.missed is Missed.TERMINATE:
        undo_rules.end_early(reducer, CaseStatus.TERMINATED)
        return
    reducer.deferred = tuple(code for code in reducer.deferred if code != event.material)
    reducer.done_without = (*reducer.done_without, event.material)
    reducer.notice("not_supplied")


def follow_promises(reducer: Reducer) -> None:
    """Whenever an item's promise begins, moves or ends, so does the time of what it waits for."""
    for material in reducer.deferred:
        name = deferred_clock(material)
        clock = reducer.clocks[name]
        due = latest(reducer.plan, reducer.calendar, reducer.clocks, material)
        if due != (clock.due_at, clock.provisional):
            reducer.clocks[name] = clock.model_copy(update={"due_at": due.at, "provisional": due.provisional})
            if due.at != clock.due_at:
                reducer.ledger(name, "recounted", before=clock.due_at)


def latest(plan: Plan, calendar: Calendar, running: Mapping[ClockId, RunningClock], material: str) -> DueDate:
    """By when it has to come: within its own time, and so many working days before the first promise that it holds up
    ends, but never before the item was opened. A promise that stands still sets no end."""
    name = deferred_clock(material)
    own = countdown.due(calendar, clock_of(plan, name, running[name]))
    if own is None:
        raise AssertionError("nothing stops it")
    ends = [own]
    for item in plan.items:
        promise = running.get(item_clock(item.code))
        if material in item.needs_materials and promise is not None and promise.due_at is not None:
            if promise.state not in deadlines_rules.ALIVE:
                continue
            at = _before(calendar, promise.due_at, before_promise_days(plan, material))
            ends.append(DueDate(max(at, promise.started_at), provisional=promise.provisional))
    return min(ends, key=lambda due: due.at)


def before_promise_days(plan: Plan, material: str) -> int:
    rule = plan.material_by_code[material].due
    if rule is None or rule.before_promise_days is None:
        raise AssertionError(f"{material} can't be deferred")
    return rule.before_promise_days


def _before(calendar: Calendar, due_at: datetime, days: int) -> datetime:
    """The close of business so many working days before the day on which something is due."""
    if days == 0:
        return due_at
    day = local_date(due_at)
    while days:
        day -= ONE_DAY
        days -= is_working_day(calendar, day)
    return calendar.closes(day)


def deferrable(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """Those that are missing and may come after acceptance, in plan order."""
    there = {*state.materials, *state.commitments}
    return tuple(m.code for m in plan.materials if m.may_wait and m.required and m.code not in there)
