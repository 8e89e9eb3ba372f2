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
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import Differing, Discrepancy
from onething.domain.kernel.step_result import TaskClosed, TaskKind, TaskOpened, discrepancy_task
from onething.domain.plan.plan import PlanComparison, key_of


def came(turn: Turn, compared: Compared, disagrees: Collection[str]) -> None:
    """Some values are new. Which comparisons they disagree in was found out with the digests."""
    changed = {value for value, digest in compared.items() if turn.compared.get(value) != digest}
    turn.compared |= compared
    _follow(turn, changed, disagrees)


def said_anew(turn: Turn, compared: Compared, disagrees: Collection[str], refetch: Collection[str]) -> None:
    """The applicant has changed the application: all that is known is `compared`, and what records say that hold."""
    before, turn.compared = turn.compared, {**left(turn.plan, turn.state, refetch), **compared}
    values = before.keys() | turn.compared.keys()
    _follow(turn, {value for value in values if before.get(value) != turn.compared.get(value)}, disagrees)


def _follow(turn: Turn, changed: Collection[str], disagrees: Collection[str]) -> None:
    compared = turn.plan.comparison_by_code
    for code, one in tuple(turn.discrepancies.items()):
        gone = code not in compared
        if gone or (code not in disagrees and not set(changed).isdisjoint(compared[code].values)):
            _close(turn, code, one, Differing.MATCHED)
    for code in disagrees:
        if not set(changed).isdisjoint(compared[code].values):
            _open(turn, compared[code])


def _open(turn: Turn, comparison: PlanComparison) -> None:
    before = turn.discrepancies.get(comparison.code)
    if before is not None and before.standing is Differing.OPEN:
        return
    data = next(key for key in map(key_of, filter(turn.compared.__contains__, comparison.values)) if key is not None)
    visit = 1 if before is None else before.round + 1
    turn.discrepancies[comparison.code] = Discrepancy(data=data, round=visit)
    owner = turn.plan.data_by_key[data].department
    due_at = deadlines_rules.start(turn, discrepancy_clock(comparison.code))
    turn.task(TaskOpened(TaskKind.DISCREPANCY, discrepancy_task(comparison.code), data, owner, visit, due_at))


def _close(turn: Turn, code: str, one: Discrepancy, standing: Differing, which: str | None = None) -> None:
    if one.standing is Differing.OPEN:
        turn.task(TaskClosed(discrepancy_task(code), one.round, standing))
        deadlines_rules.stop(turn, discrepancy_clock(code), met=standing is Differing.RESOLVED)
    turn.discrepancies[code] = one.model_copy(update={"standing": standing, "which": which})


def resolved(turn: Turn, event: DiscrepancyResolved) -> None:
    _close(turn, event.code, turn.discrepancies[event.code], Differing.RESOLVED, event.which)


def call_off(turn: Turn) -> None:
    """The case has ended early: nobody has to look any more."""
    for code, one in tuple(turn.discrepancies.items()):
        if one.standing is Differing.OPEN:
            turn.task(TaskClosed(discrepancy_task(code), one.round, "lapsed"))
            del turn.discrepancies[code]
