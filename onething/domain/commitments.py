"""告知承诺: a dated statement in place of a material, and its check after the decision that relied on it: a task of the
department that was the first to rely on it.

Where a whole item is decided on a statement, that is one of its materials. What is found untrue there may be put right
first, if the definition says so, and is looked at once more: sooner if it is put right, else when its time is over.
"""

from onething.domain.calendar.days import local_date
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import check_clock, rectify_clock, revocation_clock
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.deadlines import RectifyTimeEnded
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.kernel import queries
from onething.domain.kernel.custody import first_to_rely
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import UNDER_CHECK, CaseState, Commitment, DataState, EffectKind, ItemState, nth_check
from onething.domain.kernel.step_result import TaskClosed, TaskDue, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    check_task,
    revoke_task,
)
from onething.domain.plan.plan import Plan

_CHECKED = UNDER_CHECK | {Commitment.KEPT, Commitment.BROKEN}


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
        if _is_to_check(reducer, code) and _stands_for(reducer, code):
            reducer.commitments[code] = Commitment.CHECKING
            due_at = deadlines_rules.start(reducer, check_clock(code))
            nth = nth_check(reducer.checks, code)
            reducer.task(TaskOpened(TaskKind.CHECK, check_task(code), item, relying.department, nth, due_at))


def _is_to_check(reducer: Reducer, material: str) -> bool:
    """A statement that an item is decided on is a promise however it was made: a signed one of paper too."""
    promise = reducer.commitments.get(material)
    rule = reducer.plan.material_by_code[material].commitment
    on_paper = promise is None and material in reducer.materials and rule is not None and rule.decides
    return promise is Commitment.TO_CHECK or on_paper


def relied_on_no_more(reducer: Reducer, item: str) -> None:
    """The approval of the item, which still stands, is going to count no more: what its department was to check is to
    be checked by whoever relies on it after that."""
    for code in reducer.plan.trusts_in(reducer.plan.item_by_code[item]):
        if reducer.commitments.get(code) in UNDER_CHECK and first_to_rely(reducer.plan, reducer.effects, code) == item:
            deadlines_rules.stop(reducer, check_clock(code), met=False)
            deadlines_rules.stop(reducer, rectify_clock(code), met=False)
            reducer.task(TaskClosed(check_task(code), nth_check(reducer.checks, code), "lapsed"))
            reducer.checks[code] = nth_check(reducer.checks, code)
            reducer.commitments[code] = Commitment.TO_CHECK


def _stands_for(reducer: Reducer, material: str) -> bool:
    """Whether it is the promise that counts: the record that it would have stood for may have come."""
    instead = reducer.plan.material_by_code[material].fallback_for
    return not instead or any(reducer.data.get(key) is DataState.SUPPLIED for key in instead)


def may_be_put_right(plan: Plan, state: CaseState, material: str) -> bool:
    """Whether what is found untrue now may be put right before anything follows."""
    rule = plan.material_by_code[material].commitment
    return rule is not None and rule.rectify is not None and state.commitments.get(material) is Commitment.CHECKING


def guard_checked(plan: Plan, state: CaseState, event: CommitmentChecked) -> Refusal | None:
    """Why not, unless somebody has to look; and while it may be put right, unless it is."""
    promise = state.commitments.get(event.material)
    if promise not in UNDER_CHECK:
        detail = "没有等待核查的这项承诺，可能已经核查，或未被抽中。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    clock = state.clocks.get(rectify_clock(event.material))
    if promise is Commitment.RECTIFYING and not event.kept:
        until = f"（{local_date(clock.due_at)}）" if clock and clock.due_at else ""
        detail = f"改正期限{until}届满以前，只能登记已经改正；期满仍不符的，届时再登记。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    if event.rectify != (not event.kept and may_be_put_right(plan, state, event.material)):
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "这项承诺的核查刚刚有了变化，请重新读取后再登记。")
    return None


def checked(reducer: Reducer, event: CommitmentChecked) -> Commitment:
    """How the promise stands now."""
    code = event.material
    found = Commitment.KEPT if event.kept else Commitment.BROKEN
    if event.rectify:
        found = Commitment.RECTIFYING
    nth = nth_check(reducer.checks, code)
    item = first_to_rely(reducer.plan, reducer.effects, code)
    deadlines_rules.stop(reducer, check_clock(code))
    deadlines_rules.stop(reducer, rectify_clock(code))
    reducer.commitments[code] = found
    reducer.task(TaskClosed(check_task(code), nth, "kept" if event.kept else "broken"))
    if event.rectify and item is not None:
        reducer.checks[code] = nth
        deadlines_rules.start(reducer, rectify_clock(code))
        department = reducer.plan.item_by_code[item].department
        reducer.task(TaskOpened(TaskKind.CHECK, check_task(code), item, department, nth + 1, None))
    if not event.kept:
        reducer.notice("commitment_broken")
    return found


def rectify_time_ended(reducer: Reducer, event: RectifyTimeEnded) -> None:
    """Its department looks once more, in the time that it had for the first look."""
    code = event.material
    deadlines_rules.miss(reducer, rectify_clock(code))
    reducer.commitments[code] = Commitment.RECHECKING
    due_at = deadlines_rules.start(reducer, check_clock(code))
    reducer.task_due(TaskDue(check_task(code), nth_check(reducer.checks, code), due_at))


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
