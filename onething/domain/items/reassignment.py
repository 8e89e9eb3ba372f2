"""Duties move from one department to another: what it held of a case, and its open tasks, go along."""

from onething.domain import dispatch
from onething.domain.deadlines import patience
from onething.domain.events.items import ItemReassigned
from onething.domain.followup import urges
from onething.domain.kernel import queries
from onething.domain.kernel.custody import first_to_rely, with_custodians
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    ALIVE,
    AT_DEPARTMENT,
    UNDER_CHECK,
    Differing,
    EffectKind,
    nth_check,
)
from onething.domain.kernel.step_result import TaskMoved
from onething.domain.kernel.task_ref import (
    check_task,
    consult_task,
    discrepancy_task,
    item_task,
    manual_task,
    revoke_task,
    undo_task,
)
from onething.domain.undo import rules as undo_rules


def reassigned(reducer: Reducer, event: ItemReassigned) -> None:
    if event.consult is not None:
        _opinion(reducer, event, event.consult)
    else:
        _duty(reducer, event)
    urges.reassigned(reducer, event.before, event.department)
    for name, clock in reducer.clocks.items():
        if clock.reply is not None and clock.state in ALIVE:
            reducer.reminder(name)  # whoever holds an item answers what is asked about it


def _duty(reducer: Reducer, event: ItemReassigned) -> None:
    """An item, or the look-ups of a data key."""
    reducer.custodians[event.item] = event.department
    reducer.plan = with_custodians(reducer.plan, reducer.custodians)
    if event.item in reducer.items:
        _item(reducer, event)
    for effect in reducer.undo_tasks:
        if effect.target == event.item:
            reducer.move_task(TaskMoved(undo_task(effect.id), effect.round, event.department))
    for code, one in reducer.discrepancies.items():
        if one.data == event.item and one.standing is Differing.OPEN:
            reducer.move_task(TaskMoved(discrepancy_task(code), one.round, event.department))
    if (looking := reducer.by_hand.get(event.item)) is not None and looking.open:
        reducer.move_task(TaskMoved(manual_task(event.item), looking.round, event.department))
    patience.remind(reducer, event.item)


def _item(reducer: Reducer, event: ItemReassigned) -> None:
    code, progress = event.item, reducer.items[event.item]
    if progress.state in AT_DEPARTMENT:
        if queries.is_with_system(reducer, code):
            undo_rules.call_off_order(reducer, code, event.before)
            dispatch.dispatch(reducer, reducer.plan.item_by_code[code])
        else:
            reducer.move_task(TaskMoved(item_task(code), progress.round, event.department))
    for material, promise in reducer.commitments.items():
        if promise in UNDER_CHECK and first_to_rely(reducer.plan, reducer.effects, material) == code:
            nth = nth_check(reducer.checks, material)
            reducer.move_task(TaskMoved(check_task(material), nth, event.department))
    if (one := reducer.revocations.get(code)) is not None and one.revoked is None:
        reducer.move_task(TaskMoved(revoke_task(code), one.round, event.department))
    reducer.effects = [
        effect.model_copy(update={"by": event.before})
        if effect.kind is EffectKind.APPROVAL and effect.target == code and effect.by is None
        else effect
        for effect in reducer.effects
    ]


def _opinion(reducer: Reducer, event: ItemReassigned, n: int) -> None:
    reducer.consults[event.item] = tuple(
        one.model_copy(update={"department": event.department}) if one.n == n else one
        for one in reducer.consults[event.item]
    )
    [round_no] = [one.round for one in reducer.consults[event.item] if one.n == n]
    reducer.move_task(TaskMoved(consult_task(event.item, n), round_no, event.department))
