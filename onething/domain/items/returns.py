"""退回: an item goes back to the department that approved it, with a reason, and what relies on it waits for it again.

Step by step: nothing that was decided on it is touched. Where it was decided, the time that passed since does not count
for it; for what relies on it, the time that passes from now on; the case's time goes on, since the applicant can't help
it (assumed: no rule of law speaks of returns between departments).
"""

from onething.domain import commitments, dispatch
from onething.domain.calendar.countdown import Pause, PauseBasis
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.domain.events.items import ItemReturned
from onething.domain.followup import urges
from onething.domain.inspections import rules as inspections_rules
from onething.domain.items.deemed import deemed_approvals
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import AT_DEPARTMENT, SETTLED, EffectKind, ItemState
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.undo import rules as undo_rules


def returned(turn: Turn, event: ItemReturned) -> None:
    for code in turn.plan.dependants[event.earlier]:
        if turn.items[code].state not in SETTLED:
            _waits_again(turn, code)
    _take_back(turn, event.earlier)
    _open_again(turn, event)


def _waits_again(turn: Turn, code: str) -> None:
    progress = turn.items[code]
    if progress.state is not ItemState.WAITING:
        turn.move_item(code, ItemState.WAITING)
    if progress.state not in AT_DEPARTMENT:
        return
    if queries.is_with_system(turn, code):
        undo_rules.call_off_order(turn, code, turn.plan.item_by_code[code].department)
    else:
        turn.task(TaskClosed(code, progress.round, "returned"))
        turn.keep_with_people(code)
    urges.item_settled(turn, code)
    consults_rules.call_off(turn, code)
    inspections_rules.call_off(turn, code)
    pauses.release(turn, code)
    pauses.away(turn, code)


def _take_back(turn: Turn, code: str) -> None:
    """What its people approved has not left the house; what its system approved has, and is undone."""
    commitments.relied_on_no_more(turn, code)
    approvals = [one for one in turn.effects if one.kind is EffectKind.APPROVAL and one.target == code]
    turn.effects = [one for one in turn.effects if one not in approvals]
    for still in turn.effects:
        if still.kind is EffectKind.APPROVAL:
            commitments.relied_on(turn, still.target)
    turn.undo_queue.extend(one for one in approvals if CommandKind.DISPATCH_ITEM in one.id)
    undo_rules.go_on(turn)


def _open_again(turn: Turn, event: ItemReturned) -> None:
    """Always for people: a reason is there to be read. Silence has had its effect, and does not decide again."""
    code = event.earlier
    pause = Pause(since=event.since, until=turn.at, basis=PauseBasis.RETURNED, item=code)
    started_at = turn.clocks[item_clock(code)].started_at
    deadlines_rules.go_on(turn, item_clock(code), event.promised, started_at, pause)
    if code in deemed_approvals(turn.plan, turn.state):
        del turn.clocks[item_statutory(code)]
    elif event.statutory is not None:
        deadlines_rules.go_on(turn, item_statutory(code), event.statutory, started_at, pause)
    turn.move_item(code, ItemState.OPEN, visit=turn.items[code].round + 1)
    turn.keep_with_people(code)
    dispatch.hand_to_people(turn, code)
