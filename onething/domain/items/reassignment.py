"""Duties move from one department to another: what it held of a case, and its open tasks, go along."""

from onething.domain import dispatch
from onething.domain.deadlines import patience
from onething.domain.events.items import ItemReassigned
from onething.domain.kernel import queries
from onething.domain.kernel.custody import first_to_rely, in_hands
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import (
    ALIVE,
    AT_DEPARTMENT,
    Commitment,
    Differing,
    EffectKind,
    nth_check,
)
from onething.domain.kernel.step_result import (
    TaskMoved,
    check_task,
    consult_task,
    discrepancy_task,
    manual_task,
    revoke_task,
)
from onething.domain.undo import rules as undo_rules


def reassigned(turn: Turn, event: ItemReassigned) -> None:
    if event.consult is not None:
        _opinion(turn, event, event.consult)
        return
    turn.holders[event.item] = event.department
    turn.plan = in_hands(turn.plan, turn.holders)
    if event.item in turn.items:
        _item(turn, event)
    for effect in turn.undo_tasks:
        if effect.target == event.item:
            turn.move_task(TaskMoved(effect.id, effect.round, event.department))
    for code, one in turn.discrepancies.items():
        if one.data == event.item and one.standing is Differing.OPEN:
            turn.move_task(TaskMoved(discrepancy_task(code), one.round, event.department))
    if (looking := turn.by_hand.get(event.item)) is not None and looking.open:
        turn.move_task(TaskMoved(manual_task(event.item), looking.round, event.department))
    patience.remind(turn, event.item)
    for name, clock in turn.clocks.items():
        if clock.reply is not None and clock.state in ALIVE:
            turn.reminder(name)  # whoever holds an item answers what is asked about it


def _item(turn: Turn, event: ItemReassigned) -> None:
    code, progress = event.item, turn.items[event.item]
    if progress.state in AT_DEPARTMENT:
        if queries.is_with_system(turn, code):
            undo_rules.call_off_order(turn, code, event.before)
            dispatch.dispatch(turn, turn.plan.item_by_code[code])
        else:
            turn.move_task(TaskMoved(code, progress.round, event.department))
    for material, promise in turn.commitments.items():
        if promise is Commitment.CHECKING and first_to_rely(turn.plan, turn.effects, material) == code:
            nth = nth_check(turn.checks, material)
            turn.move_task(TaskMoved(check_task(material), nth, event.department))
    if (one := turn.revocations.get(code)) is not None and one.revoked is None:
        turn.move_task(TaskMoved(revoke_task(code), one.round, event.department))
    turn.effects = [
        effect.model_copy(update={"by": event.before})
        if effect.kind is EffectKind.APPROVAL and effect.target == code and effect.by is None
        else effect
        for effect in turn.effects
    ]


def _opinion(turn: Turn, event: ItemReassigned, n: int) -> None:
    turn.consults[event.item] = tuple(
        one.model_copy(update={"department": event.department}) if one.n == n else one
        for one in turn.consults[event.item]
    )
    visit = turn.items[event.item].round
    turn.move_task(TaskMoved(consult_task(event.item, n), visit, event.department))
