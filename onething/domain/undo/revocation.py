"""撤销: what was approved on a broken promise, or should not have been (行政许可法 Art. 69). Whoever approved decides
whether it stands; nothing falls by itself.

Items that need what was taken back are not touched either: each department that approved one decides about its own, in
the same way. That rule, and by when a department decides, are assumed: no article sets them.
"""

from onething.domain import documents
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import revocation_clock
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ENDED, CaseState, Effect, EffectKind, ItemState
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.kernel.task_ref import revoke_task
from onething.domain.plan.plan import Plan
from onething.domain.undo import rules as undo_rules


def broken(reducer: Reducer, material: str) -> None:
    """What was promised in place of the material is not so."""
    for item in reducer.plan.items:
        if material in reducer.plan.trusts_in(item):
            _ask(reducer, item.code, material)


def may_question(plan: Plan, item: str) -> tuple[str, ...]:
    """Departments whose business the item's approval is: its own, and those of the items that need it."""
    return tuple(plan.item_by_code[code].department for code in (item, *plan.dependants[item]))


def next_review(state: CaseState, item: str) -> int:
    """The number of the next question whether the approval stands."""
    last = state.revocations.get(item)
    return 1 if last is None else last.round + 1


def review_asked(reducer: Reducer, event: ReviewAsked) -> None:
    undo_rules.ask_whether_it_stands(reducer, event.item, review=True)


def _ask(reducer: Reducer, item: str, material: str | None) -> None:
    if item in queries.granted(reducer.effects):
        undo_rules.ask_whether_it_stands(reducer, item, material)


def decided(reducer: Reducer, event: RevocationDecided) -> None:
    item = event.item
    reducer.revocations[item] = reducer.revocations[item].model_copy(update={"revoked": event.revoke})
    deadlines_rules.stop(reducer, revocation_clock(item))
    reducer.task(TaskClosed(revoke_task(item), event.round, "revoked" if event.revoke else "upheld"))
    theirs = [one for one in reducer.effects if one.kind is not EffectKind.LOOKUP and one.target == item]
    if not event.revoke:
        for order in [one for one in theirs if one.kind is EffectKind.ORDER]:
            _upheld(reducer, order)
        return
    reducer.effects = [one for one in reducer.effects if one not in theirs]
    reducer.undo_queue.extend(theirs)
    if reducer.items[item].state is ItemState.APPROVED:
        reducer.move_item(item, ItemState.UNDONE)
        documents.written(reducer, "approval_revoked")
        reducer.notice("approval_revoked")
    undo_rules.go_on(reducer)
    for dependant in reducer.plan.dependants[item]:
        _ask(reducer, dependant, None)


def _upheld(reducer: Reducer, order: Effect) -> None:
    """What its system approved, and nobody had decided on, was granted. It may have approved twice, or what people
    approved meanwhile: then it was granted already."""
    approval = order.model_copy(update={"kind": EffectKind.APPROVAL})
    reducer.effects = [approval if one is order else one for one in reducer.effects]
    if reducer.items[order.target].state is ItemState.APPROVED:
        return
    upheld = reducer.plan.item_by_code[order.target].usual(OutcomeEffect.WELL)
    reducer.move_item(order.target, ItemState.APPROVED, outcome=upheld)
    if reducer.status in ENDED and queries.gives_certificate(reducer.plan, (approval,)):
        reducer.command(CommandKind.ISSUE_CERTIFICATES, order.target)
