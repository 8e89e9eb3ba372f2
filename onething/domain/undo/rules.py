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
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import (
    AT_DEPARTMENT,
    ENDED,
    SETTLED,
    CaseStatus,
    Effect,
    EffectKind,
    ItemState,
)
from onething.domain.kernel.step_result import TaskClosed, TaskKind, TaskOpened

_ENDING_NOTICE = {
    CaseStatus.REJECTED: "rejected",
    CaseStatus.WITHDRAWN: "withdrawn",
    CaseStatus.TERMINATED: "terminated",
}


def end_early(turn: Turn, status: CaseStatus) -> None:
    """Rejected, withdrawn or stopped by a refusal: nothing goes on, everything done is undone, newest first."""
    turn.move_case(status)
    call_off_all(turn)
    deadlines_rules.cancel_all(turn)
    for code, progress in tuple(turn.items.items()):
        if progress.state in AT_DEPARTMENT:
            if queries.is_with_system(turn, code):
                call_off(turn, CommandKind.DISPATCH_ITEM, code)
            else:
                turn.task(TaskClosed(code, progress.round, "lapsed"))
            consults_rules.call_off(turn, code)
            inspections_rules.call_off(turn, code)
        if progress.state not in SETTLED:
            turn.move_item(code, ItemState.LAPSED)
    turn.asked.clear()
    turn.deferred = ()
    commitments.call_off(turn)
    discrepancies_rules.call_off(turn)
    turn.undo_queue.extend(reversed(turn.effects))
    turn.effects.clear()
    go_on(turn)


def call_off_all(turn: Turn) -> None:
    """Look-ups and notices that nobody needs any more."""
    for kind in (CommandKind.FETCH_RECORD, CommandKind.SEND_NOTICES):
        call_off(turn, kind)
    patience.over_all(turn)


def call_off(turn: Turn, kind: CommandKind, target: str | None = None) -> None:
    """Void open commands of a kind. A fetch or an order may have been done unknown to us: what it left is undone at
    once, and if its answer still comes, once more."""
    for command_id, command in reversed(tuple(turn.open_commands.items())):
        if command.kind == kind and target in (None, command.target):
            effect = turn.void(command_id)
            if kind == CommandKind.DISPATCH_ITEM and turn.plan.item_by_code[command.target].undo is UndoHow.SYSTEM:
                effect = Effect(id=command_id, kind=EffectKind.APPROVAL, target=command.target)
            if effect is not None:
                turn.undo_queue.append(effect)
                turn.may_come.append(effect)


def call_off_order(turn: Turn, code: str, department: str) -> None:
    """The item goes on without the department's system that has it, and may have approved it unknown to us: that is
    undone at once, and if its answer still comes, once more. People are asked only when it has come."""
    command_id = order_of(turn.open_commands, code)
    if command_id is None:
        return
    turn.void(command_id)
    order = Effect(id=command_id, kind=EffectKind.ORDER, target=code, by=department)
    turn.may_come.append(order)
    if turn.plan.item_by_code[code].undo is UndoHow.SYSTEM:
        turn.undo_queue.append(order)
        go_on(turn)


def drop(turn: Turn, key: str) -> None:
    """A look-up is no longer wanted as it was made. `go_on` has to follow."""
    call_off(turn, CommandKind.FETCH_RECORD, key)
    patience.over(turn, key)
    dropped = [effect for effect in turn.effects if effect.hold is not None and effect.target == key]
    turn.effects = [effect for effect in turn.effects if effect not in dropped]
    turn.undo_queue.extend(dropped)


def looked_up_late(turn: Turn, command_id: str, *, has_record: bool) -> None:
    """A look-up that was called off has answered."""
    _answered_late(turn, command_id, done=has_record)


def decided_late(turn: Turn, command_id: str, item: str, *, approved: bool) -> None:
    """A department's system has decided what was called off, or ended meanwhile: an approval is taken back. What its
    people have in hand, or have approved as well, is theirs."""
    if _answered_late(turn, command_id, done=approved) or not approved:
        return
    if turn.items[item].state in {ItemState.LAPSED, ItemState.REFUSED, ItemState.UNDONE}:
        turn.undo_queue.append(Effect(id=command_id, kind=EffectKind.APPROVAL, target=item))
        go_on(turn)


def _answered_late(turn: Turn, command_id: str, *, done: bool) -> bool:
    """Whether it was called off. Its undoing may have come before there was anything to undo, so it is undone once
    more, unless that is still ahead: in the queue behind its head, or in a person's hands."""
    for effect in turn.may_come:
        if command_id in (effect.id, effect.hold and effect.hold.asked_as):
            turn.may_come.remove(effect)
            ahead = {other.id for other in (*turn.undo_queue[1:], *turn.undo_tasks)}
            if done and effect.id not in ahead:
                turn.undo_queue.append(effect.model_copy(update={"round": 2}))
                go_on(turn)
            return True
    return False


def go_on(turn: Turn) -> None:
    """Hand out the next undo unless one is under way; when all is undone, the ending notice."""
    if any(command.kind == CommandKind.UNDO_EFFECT for command in turn.open_commands.values()):
        return
    while turn.undo_queue:
        effect = turn.undo_queue[0]
        match _how(turn, effect):
            case UndoHow.SYSTEM:
                turn.command(CommandKind.UNDO_EFFECT, effect.id, turn.plan.undo_patience_minutes)
                return
            case UndoHow.TASK:
                hand_to_person(turn, turn.undo_queue.pop(0))
            case UndoHow.NONE:
                turn.not_undone.append(turn.undo_queue.pop(0))
    template = _ENDING_NOTICE.get(turn.status)
    if template is not None and turn.status in ENDED and not turn.told:
        turn.told = True
        turn.notice(template)


def _how(turn: Turn, effect: Effect) -> UndoHow:
    if effect.kind is EffectKind.LOOKUP:
        return UndoHow.SYSTEM
    return turn.plan.item_by_code[effect.target].undo


def hand_to_person(turn: Turn, effect: Effect) -> None:
    """A department's task: its system can't undo it, or did not within our patience. One task an effect."""
    for again in turn.undo_queue:
        if again.id == effect.id:
            turn.undo_queue.remove(again)
            effect = again
            break
    turn.undo_tasks.append(effect)
    planned = effect.hold.department if effect.hold else turn.plan.item_by_code[effect.target].department
    department = turn.holders.get(effect.target, planned)
    turn.task(TaskOpened(TaskKind.UNDO, effect.id, effect.target, department, effect.round, None))


def undone(turn: Turn) -> None:
    """The department's system has undone the effect at the head of the queue."""
    _mark(turn, turn.undo_queue.pop(0))
    go_on(turn)


def undone_by_hand(turn: Turn, effect_id: str) -> None:
    for effect in turn.undo_tasks:
        if effect.id == effect_id:
            turn.undo_tasks.remove(effect)
            turn.task(TaskClosed(effect.id, effect.round, "undone"))
            _mark(turn, effect)
            return


def undone_late(turn: Turn, effect_id: str) -> None:
    """The system did it after the task was opened. In a second round it may be the first undoing that answers, which
    says nothing about the record that came after it: the person looks."""
    if any(effect.id == effect_id and effect.round == 1 for effect in turn.undo_tasks):
        undone_by_hand(turn, effect_id)


def gave_up(turn: Turn) -> None:
    """Patience with the department's system ended."""
    hand_to_person(turn, turn.undo_queue.pop(0))
    go_on(turn)


def _mark(turn: Turn, effect: Effect) -> None:
    """Of an item that was sent back, the last approval counts: that of an earlier round may be undone after it."""
    if effect.kind is not EffectKind.APPROVAL or turn.items[effect.target].state is not ItemState.APPROVED:
        return
    ahead = (*turn.effects, *turn.undo_queue, *turn.undo_tasks, *turn.not_undone)
    if not any(one.kind is EffectKind.APPROVAL and one.target == effect.target for one in ahead):
        turn.move_item(effect.target, ItemState.UNDONE)
