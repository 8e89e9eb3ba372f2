"""Undo: what was done is taken back newest first, one effect at a time.

It happens when a case ends early, when a look-up is called off, and when a record comes too late to be used.
"""

from onething.domain import commitments
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import patience
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.definition.bundle import UndoHow
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.inspections import rules as inspections_rules
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    AT_DEPARTMENT,
    ENDED,
    SETTLED,
    CaseStatus,
    Effect,
    EffectKind,
    ItemState,
)
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    item_task,
    undo_task,
)

_ENDING_NOTICE = {
    CaseStatus.REJECTED: "rejected",
    CaseStatus.WITHDRAWN: "withdrawn",
    CaseStatus.TERMINATED: "terminated",
}


def end_early(reducer: Reducer, status: CaseStatus) -> None:
    """Rejected, withdrawn or stopped by a refusal: nothing goes on, everything done is undone, newest first."""
    reducer.move_case(status)
    call_off_all(reducer)
    deadlines_rules.cancel_all(reducer)
    for code, progress in tuple(reducer.items.items()):
        if progress.state in AT_DEPARTMENT:
            if queries.is_with_system(reducer, code):
                call_off(reducer, CommandKind.DISPATCH_ITEM, code)
            else:
                reducer.task(TaskClosed(item_task(code), progress.round, "lapsed"))
            consults_rules.call_off(reducer, code)
            inspections_rules.call_off(reducer, code)
        if progress.state not in SETTLED:
            reducer.move_item(code, ItemState.LAPSED)
    reducer.requested.clear()
    reducer.deferred = ()
    commitments.call_off(reducer)
    discrepancies_rules.call_off(reducer)
    reducer.undo_queue.extend(reversed(reducer.effects))
    reducer.effects.clear()
    go_on(reducer)


def call_off_all(reducer: Reducer) -> None:
    """Look-ups and notices that nobody needs any more."""
    for kind in (CommandKind.FETCH_RECORD, CommandKind.SEND_NOTICES):
        call_off(reducer, kind)
    patience.over_all(reducer)


def call_off(reducer: Reducer, kind: CommandKind, target: str | None = None) -> None:
    """Void open commands of a kind. A fetch or an order may have been done unknown to us: what it left is undone at
    once, and if its answer still comes, once more."""
    for command_id, command in reversed(tuple(reducer.open_commands.items())):
        if command.kind == kind and target in (None, command.target):
            effect = reducer.void(command_id)
            if kind == CommandKind.DISPATCH_ITEM and reducer.plan.item_by_code[command.target].undo is UndoHow.SYSTEM:
                effect = Effect(id=command_id, kind=EffectKind.APPROVAL, target=command.target)
            if effect is not None:
                reducer.undo_queue.append(effect)
                reducer.may_come.append(effect)


def call_off_order(reducer: Reducer, code: str, department: str) -> None:
    """The item goes on without the department's system that has it, and may have approved it unknown to us: that is
    undone at once, and if its answer still comes, once more. People are asked only when it has come."""
    command_id = order_of(reducer.open_commands, code)
    if command_id is None:
        return
    reducer.void(command_id)
    order = Effect(id=command_id, kind=EffectKind.ORDER, target=code, by=department)
    reducer.may_come.append(order)
    if reducer.plan.item_by_code[code].undo is UndoHow.SYSTEM:
        reducer.undo_queue.append(order)
        go_on(reducer)


def drop(reducer: Reducer, key: str) -> None:
    """A look-up is no longer wanted as it was made. `go_on` has to follow."""
    call_off(reducer, CommandKind.FETCH_RECORD, key)
    patience.over(reducer, key)
    dropped = [effect for effect in reducer.effects if effect.hold is not None and effect.target == key]
    reducer.effects = [effect for effect in reducer.effects if effect not in dropped]
    reducer.undo_queue.extend(dropped)


def looked_up_late(reducer: Reducer, command_id: str, *, has_record: bool) -> None:
    """A look-up that was called off has answered."""
    _answered_late(reducer, command_id, done=has_record)


def decided_late(reducer: Reducer, command_id: str, item: str, *, approved: bool) -> None:
    """A department's system has decided what was called off, or ended meanwhile: an approval is taken back. What its
    people have in hand, or have approved as well, is theirs."""
    if _answered_late(reducer, command_id, done=approved) or not approved:
        return
    if reducer.items[item].state in {ItemState.LAPSED, ItemState.REFUSED, ItemState.UNDONE}:
        reducer.undo_queue.append(Effect(id=command_id, kind=EffectKind.APPROVAL, target=item))
        go_on(reducer)


def _answered_late(reducer: Reducer, command_id: str, *, done: bool) -> bool:
    """Whether it was called off. Its undoing may have come before there was anything to undo, so it is undone once
    more, unless that is still ahead: in the queue behind its head, or in a person's hands."""
    for effect in reducer.may_come:
        if command_id in (effect.id, effect.hold and effect.hold.asked_as):
            reducer.may_come.remove(effect)
            ahead = {other.id for other in (*reducer.undo_queue[1:], *reducer.undo_tasks)}
            if done and effect.id not in ahead:
                reducer.undo_queue.append(effect.model_copy(update={"round": 2}))
                go_on(reducer)
            return True
    return False


def go_on(reducer: Reducer) -> None:
    """Hand out the next undo unless one is under way; when all is undone, the ending notice."""
    if any(command.kind == CommandKind.UNDO_EFFECT for command in reducer.open_commands.values()):
        return
    while reducer.undo_queue:
        effect = reducer.undo_queue[0]
        match _how(reducer, effect):
            case UndoHow.SYSTEM:
                reducer.command(CommandKind.UNDO_EFFECT, effect.id, reducer.plan.undo_patience_minutes)
                return
            case UndoHow.TASK:
                hand_to_person(reducer, reducer.undo_queue.pop(0))
            case UndoHow.NONE:
                reducer.not_undone.append(reducer.undo_queue.pop(0))
    template = _ENDING_NOTICE.get(reducer.status)
    if template is not None and reducer.status in ENDED and not reducer.final_notice_queued:
        reducer.final_notice_queued = True
        reducer.notice(template)


def _how(reducer: Reducer, effect: Effect) -> UndoHow:
    if effect.kind is EffectKind.LOOKUP:
        return UndoHow.SYSTEM
    return reducer.plan.item_by_code[effect.target].undo


def hand_to_person(reducer: Reducer, effect: Effect) -> None:
    """A department's task: its system can't undo it, or did not within our patience. One task an effect."""
    for again in reducer.undo_queue:
        if again.id == effect.id:
            reducer.undo_queue.remove(again)
            effect = again
            break
    reducer.undo_tasks.append(effect)
    planned = effect.hold.department if effect.hold else reducer.plan.item_by_code[effect.target].department
    department = reducer.custodians.get(effect.target, planned)
    reducer.task(TaskOpened(TaskKind.UNDO, undo_task(effect.id), effect.target, department, effect.round, None))


def undone(reducer: Reducer) -> None:
    """The department's system has undone the effect at the head of the queue."""
    _mark(reducer, reducer.undo_queue.pop(0))
    go_on(reducer)


def undone_by_hand(reducer: Reducer, effect_id: str) -> None:
    for effect in reducer.undo_tasks:
        if effect.id == effect_id:
            reducer.undo_tasks.remove(effect)
            reducer.task(TaskClosed(undo_task(effect.id), effect.round, "undone"))
            _mark(reducer, effect)
            return


def undone_late(reducer: Reducer, effect_id: str) -> None:
    """The system did it after the task was opened. In a second round it may be the first undoing that answers, which
    says nothing about the record that came after it: the person looks."""
    if any(effect.id == effect_id and effect.round == 1 for effect in reducer.undo_tasks):
        undone_by_hand(reducer, effect_id)


def gave_up(reducer: Reducer) -> None:
    """Patience with the department's system ended."""
    hand_to_person(reducer, reducer.undo_queue.pop(0))
    go_on(reducer)


def _mark(reducer: Reducer, effect: Effect) -> None:
    """Of an item that was sent back, the last approval counts: that of an earlier round may be undone after it."""
    if effect.kind is not EffectKind.APPROVAL or reducer.items[effect.target].state is not ItemState.APPROVED:
        return
    ahead = (*reducer.effects, *reducer.undo_queue, *reducer.undo_tasks, *reducer.not_undone)
    if not any(one.kind is EffectKind.APPROVAL and one.target == effect.target for one in ahead):
        reducer.move_item(effect.target, ItemState.UNDONE)
