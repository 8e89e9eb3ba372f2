"""What may be said in place of a record that its source did not give: the part of `moves` that is about it."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events import LookedByHand, Supplemented
from onething.domain.fallbacks import FallbackKind
from onething.domain.plan import Plan
from onething.domain.state import CaseState, DataState


def guard_looked(state: CaseState, event: LookedByHand) -> Refusal | None:
    """Why not, if so. The case's status is judged by `moves.why_not`."""
    one = state.by_hand.get(event.data)
    if one is None or not one.open or one.round != event.round:
        detail = "没有等待人工核查的这一项数据：可能已由数据源答复，已改由申请人提供，或已经登记。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def may_promise(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """Materials that are asked for in place of a record, and may be promised instead, in the order of the plan. What a
    notice asked for has to come itself."""
    anew = {*state.materials_asked, *(code for asked in state.asked.values() for code in asked)}
    return tuple(
        dict.fromkeys(
            data.fallback
            for data in plan.data
            if data.fallback_kind is FallbackKind.COMMITMENT
            and data.fallback is not None
            and data.fallback not in anew
            and state.data.get(data.key) is DataState.ASKED
        )
    )


def guard_promised(plan: Plan, state: CaseState, event: Supplemented) -> Refusal | None:
    """Why not, for a promise in place of what can't be promised now."""
    offered = may_promise(plan, state)
    wrong = [code for code in event.commitments if code not in offered or code in event.materials]
    if wrong:
        detail = f"这些材料现在不能以承诺代替：{'、'.join(wrong)}。数据调取不到、允许承诺的才可以，请交来材料。"
        return Refusal(FailureCode.UNKNOWN_MATERIAL, detail)
    return None
