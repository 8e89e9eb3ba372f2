"""Values of several sources that have to say the same: who looks when they don't, and until when that stands.

The rules see keyed digests of normal forms, never what is compared. Nothing is picked: an approval that relies on it
waits for the owner of the data, or needs the officer's own word. By when the owner looks is assumed: no rule of law
sets it.
"""

from collections.abc import Collection

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import discrepancy_clock
from onething.domain.discrepancies.guards import left
from onething.domain.events.lookups import DiscrepancyResolved
from onething.domain.events.outcomes import Compared
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import Differing, Discrepancy
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    discrepancy_task,
)
from onething.domain.plan.plan import PlanComparison, key_of


def new_values(reducer: Reducer, compared: Compared, disagrees: Collection[str]) -> None:
    """Some values are new. Which comparisons they disagree in was found out with the digests."""
    changed = {value for value, digest in compared.items() if reducer.compared.get(value) != digest}
    reducer.compared |= compared
    _follow(reducer, changed, disagrees)


def said_anew(reducer: Reducer, compared: Compared, disagrees: Collection[str], refetch: Collection[str]) -> None:
    """The applicant has changed the application: all that is known is `compared`, and what records say that hold."""
    before, reducer.compared = reducer.compared, {**left(reducer.plan, reducer.state, refetch), **compared}
    values = before.keys() | reducer.compared.keys()
    _follow(reducer, {value for value in values if before.get(value) != reducer.compared.get(value)}, disagrees)


def _follow(reducer: Reducer, changed: Collection[str], disagrees: Collection[str]) -> None:
    compared = reducer.plan.comparison_by_code
    for code, one in tuple(reducer.discrepancies.items()):
        gone = code not in compared
        if gone or (code not in disagrees and not set(changed).isdisjoint(compared[code].values)):
            _close(reducer, code, one, Differing.MATCHED)
    for code in disagrees:
        if not set(changed).isdisjoint(compared[code].values):
            _open(reducer, compared[code])


def _open(reducer: Reducer, comparison: PlanComparison) -> None:
    before = reducer.discrepancies.get(comparison.code)
    if before is not None and before.standing is Differing.OPEN:
        return
    data = next(key for key in map(key_of, filter(reducer.compared.__contains__, comparison.values)) if key is not None)
    round_no = 1 if before is None else before.round + 1
    reducer.discrepancies[comparison.code] = Discrepancy(data=data, round=round_no)
    owner = reducer.plan.data_by_key[data].department
    due_at = deadlines_rules.start(reducer, discrepancy_clock(comparison.code))
    reducer.task(TaskOpened(TaskKind.DISCREPANCY, discrepancy_task(comparison.code), data, owner, round_no, due_at))


def _close(
    reducer: Reducer, code: str, discrepancy: Discrepancy, standing: Differing, which: str | None = None
) -> None:
    if discrepancy.standing is Differing.OPEN:
        right = key_of(which) if which is not None else None
        reducer.task(TaskClosed(discrepancy_task(code), discrepancy.round, standing, right))
        deadlines_rules.stop(reducer, discrepancy_clock(code), met=standing is Differing.RESOLVED)
    reducer.discrepancies[code] = discrepancy.model_copy(update={"standing": standing, "which": which})


def resolved(reducer: Reducer, event: DiscrepancyResolved) -> None:
    _close(reducer, event.code, reducer.discrepancies[event.code], Differing.RESOLVED, event.which)


def call_off(reducer: Reducer) -> None:
    """The case has ended early: nobody has to look any more."""
    for code, one in tuple(reducer.discrepancies.items()):
        if one.standing is Differing.OPEN:
            reducer.task(TaskClosed(discrepancy_task(code), one.round, "lapsed"))
            del reducer.discrepancies[code]
