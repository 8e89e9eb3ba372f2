"""When a source may be asked anew: the part of `moves` that keeps it seldom."""

import math
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, NotAllowed, TooSoon
from onething.domain.events import LookUpRetried
from onething.domain.plan import Plan
from onething.domain.state import CaseState, DataState

AGAIN_AFTER = timedelta(minutes=10)
"""So long one look-up is left alone when somebody had it asked anew (assumed: no rule names a time)."""


def check_retry(plan: Plan, state: CaseState, event: LookUpRetried, at: datetime) -> None:
    """Raise `NotAllowed`, within `AGAIN_AFTER` of the last time `TooSoon`. The status is judged by `moves.check`."""
    data = plan.data_by_key.get(event.data)
    if data is None or event.data not in state.data:
        raise NotAllowed(FailureCode.NOT_FOUND, "本办件没有这一项数据查询，请核对代码。")
    match state.data[event.data]:
        case DataState.IN_HAND:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, f"“{data.name}”已经取得，不必再查。")
        case DataState.SUPPLIED:
            detail = f"“{data.name}”已由申请人提供的材料代替，不必再查。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    last = state.retries.get(event.data)
    if last is not None and at < last + AGAIN_AFTER:
        left = math.ceil((last + AGAIN_AFTER - at).total_seconds())
        minutes = AGAIN_AFTER // timedelta(minutes=1)
        raise TooSoon(f"“{data.name}”刚刚再次查询过，{minutes} 分钟内只能一次：请查看查询结果，稍后再试。", left)
