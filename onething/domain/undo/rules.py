"""Undo: what was only reserved is released newest first, one effect at a time; what was granted stands.

It happens when a case ends early, when a look-up is called off, and when a record comes too late to be used. An
approval falls by its own department's recorded decision (`revocation.py`), or where an article says so; 行政许可法
Arts. 8, 69 and 70 know no other way: neither another department's refusal nor the applicant's withdrawal is one.
"""

from onething.domain import commitments, documents
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import patience, pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import revocation_clock
from onething.domain.definition.items import UndoBy
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.followup import urges
from onething.domain.inspections import planned_rules
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
    Revocation,
)
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    item_task,
    revoke_task,
    undo_task,
)
from onething.domain.periods import rules as periods_rules
from onething.domain.reissue import rules as reissue_rules

_ENDING_NOTICE = {
    CaseStatus.REJECTED: "rejected",
    CaseStatus.WITHDRAWN: "withdrawn",
    CaseStatus.TERMINATED: "terminated",
}


def end_early(reducer: Reducer, status: CaseStatus) -> None:
    """Rejected, withdrawn or stopped by a refusal: what is undecided stops, what was only reserved is released, newest
    first; what was granted stands, and its papers are made out."""
    reducer.move_case(status)
    if status is not CaseStatus.WITHDRAWN:
        documents.written(reducer, _ENDING_NOTICE[status])
    call_off_all(reducer)
    periods_rules.call_off(reducer)
    deadlines_rules.cancel_undecided(reducer)
    planned_rules.call_off(reducer)
    for code, progress in tuple(reducer.items.items()):
        if progress.state in AT_DEPARTMENT:
            if queries.is_with_system(reducer, code):
                call_off(reducer, CommandKind.DISPATCH_ITEM, code)
            else:
                reducer.task(TaskClosed(item_task(code), progress.round, "lapsed"))
        let_go(reducer, code)
        if progress.state not in SETTLED:
            reducer.move_item(code, ItemState.LAPSED)
    reducer.requested.clear()
    reducer.deferred = ()
    discrepancies_rules.call_off(reducer)
    _let_fall(reducer)
    commitments.call_off(reducer)
    for order in [one for one in reducer.effects if one.kind is EffectKind.ORDER]:
        ask_whether_it_stands(reducer, order.target)
    if reissue_rules.left_to_make_out(reducer):
        documents.time_to_deliver(reducer)
        documents.written(reducer, _ENDING_NOTICE[status], result=True)
        if not queries.is_issuing(reducer):
            reducer.command(CommandKind.ISSUE_CERTIFICATES)
    go_on(reducer)


def let_go(reducer: Reducer, code: str) -> None:
    """The item is not going to be decided: what others were asked about it, or ask, is over."""
    consults_rules.call_off(reducer, code)
    inspections_rules.call_off(reducer, code)
    urges.item_settled(reducer, code)
    pauses.release(reducer, code)


def _let_fall(reducer: Reducer) -> None:
    """What stands no more is what was only reserved, unless something granted rests on it: the name of a registered
    enterprise is not reserved any more. What the case had granted when it was closed, before it was reopened, stands
    as it did."""
    granted = queries.granted(reducer.effects)
    for_good = queries.granted_for_good(reducer.effects, reducer.state.reopening)
    falling_items = queries.falling(reducer.plan, granted, for_good)
    stands = granted - falling_items
    looked_up = {key for code in stands for key in reducer.plan.item_by_code[code].needs_data}

    def falls(effect: Effect) -> bool:
        match effect.kind:
            case EffectKind.LOOKUP:
                return effect.target not in looked_up
            case EffectKind.APPROVAL:
                return effect.target in falling_items
            case EffectKind.ORDER:
                return False  # its department is asked

    falling = [one for one in reducer.effects if falls(one)]
    for effect in falling:
        if effect.kind is EffectKind.APPROVAL:
            commitments.relied_on_no_more(reducer, effect.target)
    reducer.effects = [one for one in reducer.effects if one not in falling]
    for effect in reducer.effects:
        if effect.kind is EffectKind.APPROVAL:
            commitments.relied_on(reducer, effect.target)
    reducer.undo_queue.extend(reversed(falling))


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
            if kind == CommandKind.DISPATCH_ITEM:
                department = reducer.plan.item_by_code[command.target].department
                effect = Effect(id=command_id, kind=EffectKind.ORDER, target=command.target, by=department)
            if effect is not None:
                reducer.undo_queue.append(effect)
                reducer.may_come.append(effect)


def call_off_order(reducer: Reducer, code: str, department: str) -> None:
    """The item goes on without the department's system that has it: the order is taken back at once, and if its answer
    still comes, once more. It decides nothing then, and nobody was told of it."""
    command_id = order_of(reducer.open_commands, code)
    if command_id is None:
        return
    reducer.void(command_id)
    order = Effect(id=command_id, kind=EffectKind.ORDER, target=code, by=department)
    reducer.may_come.append(order)
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
    """A department's system has decided what was called off, or ended meanwhile. What its people have in hand, or have
    approved as well, is theirs; where they, or the law's silence, decided otherwise, the order is taken back. Where the
    case ended before anybody decided, the approval may be older than that: its department says whether it stands."""
    state = reducer.items[item].state
    if approved and state is ItemState.LAPSED and reducer.status in _ENDING_NOTICE:
        order = _stop_taking_back(reducer, command_id) or Effect(id=command_id, kind=EffectKind.ORDER, target=item)
        reducer.effects.append(order)
        ask_whether_it_stands(reducer, item)
        go_on(reducer)
        return
    if _answered_late(reducer, command_id, done=approved) or not approved:
        return
    if state in {ItemState.LAPSED, ItemState.REFUSED, ItemState.NEUTRAL, ItemState.UNDONE}:
        reducer.undo_queue.append(Effect(id=command_id, kind=EffectKind.ORDER, target=item))
        go_on(reducer)


def _stop_taking_back(reducer: Reducer, order_id: str) -> Effect | None:
    """The order that was called off, if it was; should it be taken back after all, that is another round."""
    called_off = next((one for one in reducer.may_come if one.id == order_id), None)
    reducer.may_come = [one for one in reducer.may_come if one.id != order_id]
    for command_id, command in tuple(reducer.open_commands.items()):
        if command.kind == CommandKind.UNDO_EFFECT and command.target == order_id:
            reducer.void(command_id)
    reducer.undo_queue = [one for one in reducer.undo_queue if one.id != order_id]
    for effect in [one for one in reducer.undo_tasks if one.id == order_id]:
        reducer.undo_tasks.remove(effect)
        reducer.task(TaskClosed(undo_task(effect.id), effect.round, "lapsed"))
    return called_off and called_off.model_copy(update={"round": 2})


def ask_whether_it_stands(
    reducer: Reducer, item: str, material: str | None = None, *, review: bool = False, unsupplied: str | None = None
) -> None:
    """A task of the department that approved the item; unless it has it. `material`: whose promise was broken;
    `review`: somebody holds it to be wrong; `unsupplied`: what was to be handed in afterwards."""
    before = reducer.revocations.get(item)
    if before is not None and before.revoked is None:
        return
    round_no = 1 if before is None else before.round + 1
    reducer.revocations[item] = Revocation(round=round_no, material=material, review=review, unsupplied=unsupplied)
    department = reducer.plan.item_by_code[item].department
    due_at = deadlines_rules.start(reducer, revocation_clock(item))
    reducer.task(TaskOpened(TaskKind.REVOKE, revoke_task(item), item, department, round_no, due_at))


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
    """Hand out the next undo unless one is under way; when all is undone and made out, the ending notice."""
    under_way = {command.kind for command in reducer.open_commands.values()}
    if CommandKind.UNDO_EFFECT in under_way:
        return
    while reducer.undo_queue:
        effect = reducer.undo_queue[0]
        if _by(reducer, effect) is UndoBy.SYSTEM:
            reducer.command(CommandKind.UNDO_EFFECT, effect.id, reducer.plan.undo_patience_minutes)
            return
        hand_to_person(reducer, reducer.undo_queue.pop(0))
    if CommandKind.ISSUE_CERTIFICATES in under_way:
        return
    template = _ENDING_NOTICE.get(reducer.status)
    if template is not None and reducer.status in ENDED and not reducer.final_notice_queued:
        reducer.final_notice_queued = True
        reducer.notice(template)


def _by(reducer: Reducer, effect: Effect) -> UndoBy:
    """An order is with a system, and so is what a source holds."""
    return reducer.plan.item_by_code[effect.target].undo_by if effect.kind is EffectKind.APPROVAL else UndoBy.SYSTEM


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
    ahead = (*reducer.effects, *reducer.undo_queue, *reducer.undo_tasks)
    if not any(one.kind is EffectKind.APPROVAL and one.target == effect.target for one in ahead):
        reducer.move_item(effect.target, ItemState.UNDONE)
