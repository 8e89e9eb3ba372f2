"""What disagrees, as far as digests tell, and what may be done while it does."""

from collections.abc import Collection, Mapping

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.lookups import DiscrepancyResolved
from onething.domain.events.outcomes import Compared
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.state import ENDED, CaseState, DataState, Differing
from onething.domain.plan.plan import Plan, PlanComparison, key_of


def disagreeing(plan: Plan, compared: Mapping[str, str], touched: Collection[str]) -> tuple[str, ...]:
    """Comparisons with one of the values `touched` in which not all that is known says the same, a record among it."""
    found = []
    for one in plan.compare:
        known = {value: compared[value] for value in one.values if value in compared}
        looked_up = any(key_of(value) for value in known)
        if looked_up and len(set(known.values())) > 1 and not known.keys().isdisjoint(touched):
            found.append(one.code)
    return tuple(found)


def counts(state: CaseState, command: str, data: str) -> bool:
    """Whether a record that comes now says something: it is waited for, or the applicant was asked in its place."""
    asked_instead = state.data.get(data) in {DataState.ASKED, DataState.SUPPLIED}
    return command in state.commands or (asked_instead and state.status not in ENDED)


def left(plan: Plan, state: CaseState, refetch: Collection[str]) -> Compared:
    """What records say that still hold once the applicant has changed what they were asked with."""
    keys = plan.data_by_key.keys() - set(refetch)
    return {value: digest for value, digest in state.compared.items() if key_of(value) in keys}


def unresolved(plan: Plan, state: CaseState, item: str) -> tuple[PlanComparison, ...]:
    """In which values disagree that the item relies on, and nobody has said which is right."""
    return tuple(
        one
        for one in plan.compare
        if item in one.items
        and one.code in state.discrepancies
        and state.discrepancies[one.code].standing is Differing.OPEN
    )


def guard_known(plan: Plan, state: CaseState, event: ItemDecided) -> Refusal | None:
    """Why not, for an approval by somebody who does not say that he knows."""
    silent = [one for one in unresolved(plan, state, event.item) if one.code not in event.despite]
    if silent:
        names = "、".join(f"“{one.name}”（{one.code}）" for one in silent)
        detail = f"{names}的各方数据不一致，尚未核实：请等数据主管部门核实，或在 despite 中写明并说明意见后再作决定。"
        return Refusal(FailureCode.DISCREPANCY, detail)
    return None


def guard_resolved(plan: Plan, state: CaseState, event: DiscrepancyResolved) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py."""
    one = state.discrepancies.get(event.code)
    if one is None or one.standing is not Differing.OPEN or one.round != event.round:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "没有等待核实的这一不一致，可能已经核实，或各方数据已经一致。")
    known = [value for value in plan.comparison_by_code[event.code].values if value in state.compared]
    if event.which not in known:
        return Refusal(FailureCode.INVALID_VALUE, f"which 只能是其中一方：{'、'.join(known)}。")
    return None
