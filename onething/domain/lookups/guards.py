"""What may be said in place of a record that its source did not give, and when a source may be asked anew."""

import math
from datetime import datetime, timedelta

from onething.domain.definition.materials import FallbackKind
from onething.domain.errors import FailureCode, Refusal, TooEarly
from onething.domain.events.intake import Supplemented
from onething.domain.events.lookups import LookedByHand, LookUpRetried
from onething.domain.kernel.state import CaseState, DataState
from onething.domain.parties.authority import authority_of
from onething.domain.plan.plan import Plan

AGAIN_AFTER = timedelta(minutes=10)
"""So long one look-up is left alone when somebody had it asked anew (assumed: no rule names a time)."""


def guard_looked(state: CaseState, event: LookedByHand) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py."""
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


def guard_retry(plan: Plan, state: CaseState, event: LookUpRetried, at: datetime) -> Refusal | None:
    """Why not, within `AGAIN_AFTER` of the last time `TooEarly`. The status is judged by engine/guards.py."""
    data = plan.data_by_key.get(event.data)
    if data is None or event.data not in state.data:
        return Refusal(FailureCode.NOT_FOUND, "本办件没有这一项数据查询，请核对代码。")
    match state.data[event.data]:
        case DataState.IN_HAND:
            return Refusal(FailureCode.NOT_ALLOWED_NOW, f"“{data.name}”已经取得，不必再查。")
        case DataState.SUPPLIED:
            detail = f"“{data.name}”已由申请人提供的材料代替，不必再查。"
            return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    if authority_of(state, data) is None:
        detail = f"现在还不能查询“{data.name}”：要当事人本人同意，或先由窗口收件。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    last = state.retries.get(event.data)
    if last is not None and at < last + AGAIN_AFTER:
        left = math.ceil((last + AGAIN_AFTER - at).total_seconds())
        minutes = AGAIN_AFTER // timedelta(minutes=1)
        detail = f"“{data.name}”刚刚再次查询过，{minutes} 分钟内只能一次：请查看查询结果，稍后再试。"
        return TooEarly(FailureCode.TOO_MANY_REQUESTS, detail, left)
    return None
