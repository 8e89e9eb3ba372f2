"""告知承诺: a dated statement in place of a material, and its check after the decision that relied on it: a task of the
department that was the first to rely on it.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import check_clock, revocation_clock
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.kernel import queries
from onething.domain.kernel.custody import first_to_rely
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import CaseState, Commitment, DataState, EffectKind, ItemState, nth_check
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    check_task,
    revoke_task,
)
from onething.domain.plan.plan import Plan

_CHECKED = frozenset({Commitment.CHECKING, Commitment.KEPT, Commitment.BROKEN})


def given(event: Submitted | Supplemented) -> dict[str, Commitment]:
    """Which of them will be checked was chosen, and recorded, before the rules saw them."""
    return {code: Commitment.TO_CHECK if code in event.checked else Commitment.GIVEN for code in event.commitments}


def withdrawn(reducer: Reducer, materials: tuple[str, ...]) -> None:
    """The material itself has come, or is asked for: what was said in its place counts no more."""
    for code in materials:
        if reducer.commitments.get(code) not in _CHECKED:
            reducer.commitments.pop(code, None)


def replanned(reducer: Reducer, plan: Plan) -> None:
    offered = {code for code, material in plan.material_by_code.items() if material.commitment is not None}
    reducer.commitments = {code: one for code, one in reducer.commitments.items() if code in offered}


def relied_on(reducer: Reducer, item: str) -> None:
    """The item is approved: its department has time to check what it took on trust."""
    relying = reducer.plan.item_by_code[item]
    for code in reducer.plan.trusts_in(relying):
        if reducer.commitments.get(code) is Commitment.TO_CHECK and _stands_for(reducer, code):
            reducer.commitments[code] = Commitment.CHECKING
            due_at = deadlines_rules.start(reducer, check_clock(code))
            nth = nth_check(reducer.checks, code)
            reducer.task(TaskOpened(TaskKind.CHECK, check_task(code), item, relying.department, nth, due_at))


def relied_on_no_more(reducer: Reducer, item: str) -> None:
    """The approval of the item, which still stands, is going to count no more: what its department was to check is to
    be checked by whoever relies on it after that."""
    for code in reducer.plan.trusts_in(reducer.plan.item_by_code[item]):
        if (
            reducer.commitments.get(code) is Commitment.CHECKING
            and first_to_rely(reducer.plan, reducer.effects, code) == item
        ):
            deadlines_rules.stop(reducer, check_clock(code), met=False)
            reducer.task(TaskClosed(check_task(code), nth_check(reducer.checks, code), "lapsed"))
            reducer.checks[code] = nth_check(reducer.checks, code)
            reducer.commitments[code] = Commitment.TO_CHECK


def _stands_for(reducer: Reducer, material: str) -> bool:
    """Whether it is the promise that counts: the record that it would have stood for may have come."""
    instead = reducer.plan.material_by_code[material].fallback_for
    return not instead or any(reducer.data.get(key) is DataState.SUPPLIED for key in instead)


def checked(reducer: Reducer, event: CommitmentChecked) -> None:
    deadlines_rules.stop(reducer, check_clock(event.material))
    found = Commitment.KEPT if event.kept else Commitment.BROKEN
    reducer.commitments[event.material] = found
    reducer.task(TaskClosed(check_task(event.material), nth_check(reducer.checks, event.material), found))
    if not event.kept:
        reducer.notice("commitment_broken")


def call_off(reducer: Reducer) -> None:
    """The case has ended early. What nothing granted relies on is not checked; nor asked of what fell with the case.
    What a system approved did not fall: its department is asked, or goes on being asked."""
    for code, one in reducer.commitments.items():
        if one is Commitment.TO_CHECK:
            reducer.commitments[code] = Commitment.GIVEN
    ordered = {one.target for one in reducer.effects if one.kind is EffectKind.ORDER}
    stands = queries.granted(reducer.effects) | ordered
    for item, revocation in tuple(reducer.revocations.items()):
        if revocation.revoked is None and item not in stands:
            deadlines_rules.stop(reducer, revocation_clock(item), met=False)
            reducer.task(TaskClosed(revoke_task(item), revocation.round, "lapsed"))
            del reducer.revocations[item]


def relying(plan: Plan, state: CaseState, material: str) -> tuple[str, ...]:
    """Departments that approved an item in need of the material."""
    return tuple(
        item.department
        for item in plan.items
        if material in plan.trusts_in(item) and state.items[item.code].state is ItemState.APPROVED
    )
