"""撤销: what was approved on a broken promise. Whoever approved decides whether it stands; nothing falls by itself.

Items that need what was taken back are not touched either: each department that approved one decides about its own, in
the same way. That rule, and by when a department decides, are assumed: no article sets them.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import revocation_clock
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import EffectKind, ItemState, Revocation
from onething.domain.kernel.step_result import TaskClosed, TaskKind, TaskOpened, revoke_task
from onething.domain.undo import rules as undo_rules


def broken(turn: Turn, material: str) -> None:
    """What was promised in place of the material is not so."""
    for item in turn.plan.items:
        if material in turn.plan.trusts_in(item):
            _ask(turn, item.code, material)


def _ask(turn: Turn, item: str, material: str | None) -> None:
    before = turn.revocations.get(item)
    if turn.items[item].state is not ItemState.APPROVED or (before is not None and before.revoked is None):
        return
    visit = 1 if before is None else before.round + 1
    turn.revocations[item] = Revocation(round=visit, material=material)
    department = turn.plan.item_by_code[item].department
    due_at = deadlines_rules.start(turn, revocation_clock(item))
    turn.task(TaskOpened(TaskKind.REVOKE, revoke_task(item), item, department, visit, due_at))


def decided(turn: Turn, event: RevocationDecided) -> None:
    item = event.item
    turn.revocations[item] = turn.revocations[item].model_copy(update={"revoked": event.revoke})
    deadlines_rules.stop(turn, revocation_clock(item))
    turn.task(TaskClosed(revoke_task(item), event.round, "revoked" if event.revoke else "upheld"))
    if not event.revoke:
        return
    approvals = [one for one in turn.effects if one.kind is EffectKind.APPROVAL and one.target == item]
    turn.effects = [one for one in turn.effects if one not in approvals]
    turn.undo_queue.extend(approvals)
    turn.move_item(item, ItemState.UNDONE)
    turn.notice("approval_revoked")
    undo_rules.go_on(turn)
    for dependant in turn.plan.dependants[item]:
        _ask(turn, dependant, None)
