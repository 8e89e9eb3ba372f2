"""When a source may be asked anew: the part of `moves` that keeps it seldom."""

import math
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, NotYet, Refusal
from onething.domain.events import LookUpRetried
from onething.domain.plan import Plan
from onething.domain.state import CaseState, DataState

AGAIN_AFTER = timedelta(minutes=10)
"""So long one look-up is left alone when somebody had it asked anew (assumed: no rule names a time)."""


def guard_retry(plan: Plan, state: CaseState, event: LookUpRetried, at: datetime) -> Refusal | None:
    """Why not, within `AGAIN_AFTER` of the last time `NotYet`. The status is judged by `moves.why_not`."""
    data = plan.data_by_key.get(event.data)
    if data is None or event.data not in state.data:
        return Refusal(FailureCode.NOT_FOUND, "本办件没有这一项数据查询，请核对代码。")
    match state.data[event.data]:
        case DataState.IN_HAND:
            return Refusal(FailureCode.NOT_ALLOWED_NOW, f"“{data.name}”已经取得，不必再查。")
        case DataState.SUPPLIED:
            detail = f"“{data.name}”已由申请人提供的材料代替，不必再查。"
            return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    last = state.retries.get(event.data)
    if last is not None and at < last + AGAIN_AFTER:
        left = math.ceil((last + AGAIN_AFTER - at).total_seconds())
        minutes = AGAIN_AFTER // timedelta(minutes=1)
        detail = f"“{data.name}”刚刚再次查询过，{minutes} 分钟内只能一次：请查看查询结果，稍后再试。"
        return NotYet(FailureCode.TOO_MANY_REQUESTS, detail, left)
    return None
