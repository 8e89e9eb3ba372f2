"""退回: an item goes back to the department that approved it, with a reason, and what relies on it waits for it again.

Step by step: nothing that was decided on it is touched. Where it was decided, the time that passed since does not count
for it; for what relies on it, the time that passes from now on; the case's time goes on, since the applicant can't help
it (assumed: no rule of law speaks of returns between departments).

What others have said on an item outlives its round: objections, a hearing, a joint inspection, what the applicant was
asked for and what a supervisor wants to know stand, and go on when it is at its department again. Agreements lapse.
"""

from onething.domain import commitments, dispatch
from onething.domain.calendar.countdown import Pause, PauseBasis
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.domain.events.items import ItemReturned
from onething.domain.items import deferral
from onething.domain.items.deemed import deemed_approvals
from onething.domain.items.reopenings import look_up_again, waits_with
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import AT_DEPARTMENT, SETTLED, EffectKind, ItemState
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.kernel.task_ref import item_task
from onething.domain.undo import rules as undo_rules


def returned(reducer: Reducer, event: ItemReturned) -> None:
    for code in reducer.plan.dependants[event.earlier]:
        if reducer.items[code].state not in SETTLED:
            _waits_again(reducer, code)
    _take_back(reducer, event.earlier)
    _open_again(reducer, event)
    going_on = tuple(waits_with(reducer, event.earlier))  # what came only after another of its outcomes
    look_up_again(reducer, going_on)
    deferral.needed_again(reducer, going_on)


def _waits_again(reducer: Reducer, code: str) -> None:
    progress = reducer.items[code]
    if progress.state is not ItemState.WAITING:
        reducer.move_item(code, ItemState.WAITING)
    if progress.state not in AT_DEPARTMENT:
        return
    if queries.is_with_system(reducer, code):
        undo_rules.call_off_order(reducer, code, reducer.plan.item_by_code[code].department)
    else:
        reducer.task(TaskClosed(item_task(code), progress.round, "returned"))
        reducer.keep_with_people(code)
    pauses.away(reducer, code)


def _take_back(reducer: Reducer, code: str) -> None:
    """What its people approved has not left the house. What its system approved has: it is not taken back at another
    department's word, its own people decide on it."""
    commitments.relied_on_no_more(reducer, code)
    approvals = [one for one in reducer.effects if one.kind is EffectKind.APPROVAL and one.target == code]
    by_system = [one for one in approvals if CommandKind.DISPATCH_ITEM in one.id]
    department = reducer.plan.item_by_code[code].department
    orders = [one.model_copy(update={"kind": EffectKind.ORDER, "by": one.by or department}) for one in by_system]
    reducer.effects = [*(one for one in reducer.effects if one not in approvals), *orders]
    for still in reducer.effects:
        if still.kind is EffectKind.APPROVAL:
            commitments.relied_on(reducer, still.target)


def _open_again(reducer: Reducer, event: ItemReturned) -> None:
    """Always for people: a reason is there to be read. Silence has had its effect, and does not decide again."""
    code = event.earlier
    pause = Pause(since=event.since, until=reducer.at, basis=PauseBasis.RETURNED, item=code)
    started_at = reducer.clocks[item_clock(code)].started_at
    deadlines_rules.go_on(reducer, item_clock(code), event.promised, started_at, pause)
    if code in deemed_approvals(reducer.plan, reducer.state):
        del reducer.clocks[item_statutory(code)]
    elif event.statutory is not None:
        deadlines_rules.go_on(reducer, item_statutory(code), event.statutory, started_at, pause)
    reducer.move_item(code, ItemState.OPEN, round_no=reducer.items[code].round + 1)
    reducer.keep_with_people(code)
    consults_rules.new_round(reducer, code)
    dispatch.hand_to_people(reducer, code)
