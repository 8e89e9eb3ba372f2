"""告知承诺: a dated statement in place of a material, and its check after the decision that relied on it: a task of the
department that was the first to rely on it.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import check_clock
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.kernel.custody import first_to_rely
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import Commitment, DataState, nth_check
from onething.domain.kernel.step_result import TaskClosed, TaskKind, TaskOpened, check_task, revoke_task
from onething.domain.plan.plan import Plan

_CHECKED = frozenset({Commitment.CHECKING, Commitment.KEPT, Commitment.BROKEN})


def given(event: Submitted | Supplemented) -> dict[str, Commitment]:
    """Which of them will be checked was chosen, and recorded, before the rules saw them."""
    return {code: Commitment.TO_CHECK if code in event.checked else Commitment.GIVEN for code in event.commitments}


def withdrawn(turn: Turn, materials: tuple[str, ...]) -> None:
    """The material itself has come, or is asked for: what was said in its place counts no more."""
    for code in materials:
        if turn.commitments.get(code) not in _CHECKED:
            turn.commitments.pop(code, None)


def replanned(turn: Turn, plan: Plan) -> None:
    offered = {code for code, material in plan.material_by_code.items() if material.commitment is not None}
    turn.commitments = {code: one for code, one in turn.commitments.items() if code in offered}


def relied_on(turn: Turn, item: str) -> None:
    """The item is approved: its department has time to check what it took on trust."""
    relying = turn.plan.item_by_code[item]
    for code in turn.plan.trusts_in(relying):
        if turn.commitments.get(code) is Commitment.TO_CHECK and _stands_for(turn, code):
            turn.commitments[code] = Commitment.CHECKING
            due_at = deadlines_rules.start(turn, check_clock(code))
            nth = nth_check(turn.checks, code)
            turn.task(TaskOpened(TaskKind.CHECK, check_task(code), item, relying.department, nth, due_at))


def relied_on_no_more(turn: Turn, item: str) -> None:
    """The approval of the item, which still stands, is going to count no more: what its department was to check is to
    be checked by whoever relies on it after that."""
    for code in turn.plan.trusts_in(turn.plan.item_by_code[item]):
        if turn.commitments.get(code) is Commitment.CHECKING and first_to_rely(turn.plan, turn.effects, code) == item:
            deadlines_rules.stop(turn, check_clock(code), met=False)
            turn.task(TaskClosed(check_task(code), nth_check(turn.checks, code), "lapsed"))
            turn.checks[code] = nth_check(turn.checks, code)
            turn.commitments[code] = Commitment.TO_CHECK


def _stands_for(turn: Turn, material: str) -> bool:
    """Whether it is the promise that counts: the record that it would have stood for may have come."""
    instead = turn.plan.material_by_code[material].fallback_for
    return not instead or any(turn.data.get(key) is DataState.SUPPLIED for key in instead)


def checked(turn: Turn, event: CommitmentChecked) -> None:
    deadlines_rules.stop(turn, check_clock(event.material))
    found = Commitment.KEPT if event.kept else Commitment.BROKEN
    turn.commitments[event.material] = found
    turn.task(TaskClosed(check_task(event.material), nth_check(turn.checks, event.material), found))
    if not event.kept:
        turn.notice("commitment_broken")


def call_off(turn: Turn) -> None:
    """The case has ended early, and what relied on them is undone."""
    for code, one in turn.commitments.items():
        if one is Commitment.CHECKING:
            turn.task(TaskClosed(check_task(code), nth_check(turn.checks, code), "lapsed"))
        if one in {Commitment.TO_CHECK, Commitment.CHECKING}:
            turn.commitments[code] = Commitment.GIVEN
    for item, revocation in tuple(turn.revocations.items()):
        if revocation.revoked is None:
            turn.task(TaskClosed(revoke_task(item), revocation.round, "lapsed"))
            del turn.revocations[item]
