"""撤销: what was approved on a broken promise. Whoever approved decides whether it stands; nothing falls by itself.

Items that need what was taken back are not touched either: each department that approved one decides about its own, in
the same way. That rule, and by when a department decides, are assumed: no article sets them.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import revocation_clock
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import EffectKind, ItemState, Revocation
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    revoke_task,
)
from onething.domain.undo import rules as undo_rules


def broken(reducer: Reducer, material: str) -> None:
    """What was promised in place of the material is not so."""
    for item in reducer.plan.items:
        if material in reducer.plan.trusts_in(item):
            _ask(reducer, item.code, material)


def _ask(reducer: Reducer, item: str, material: str | None) -> None:
    before = reducer.revocations.get(item)
    if reducer.items[item].state is not ItemState.APPROVED or (before is not None and before.revoked is None):
        return
    round_no = 1 if before is None else before.round + 1
    reducer.revocations[item] = Revocation(round=round_no, material=material)
    department = reducer.plan.item_by_code[item].department
    due_at = deadlines_rules.start(reducer, revocation_clock(item))
    reducer.task(TaskOpened(TaskKind.REVOKE, revoke_task(item), item, department, round_no, due_at))


def decided(reducer: Reducer, event: RevocationDecided) -> None:
    item = event.item
    reducer.revocations[item] = reducer.revocations[item].model_copy(update={"revoked": event.revoke})
    deadlines_rules.stop(reducer, revocation_clock(item))
    reducer.task(TaskClosed(revoke_task(item), event.round, "revoked" if event.revoke else "upheld"))
    if not event.revoke:
        return
    approvals = [one for one in reducer.effects if one.kind is EffectKind.APPROVAL and one.target == item]
    reducer.effects = [one for one in reducer.effects if one not in approvals]
    reducer.undo_queue.extend(approvals)
    reducer.move_item(item, ItemState.UNDONE)
    reducer.notice("approval_revoked")
    undo_rules.go_on(reducer)
    for dependant in reducer.plan.dependants[item]:
        _ask(reducer, dependant, None)
