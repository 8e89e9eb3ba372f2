"""When an application may be accepted."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.intake import Accepted
from onething.domain.kernel.state import CaseState


def guard_changes_seen(state: CaseState, event: Accepted) -> Refusal | None:
    """Why not: something was changed that nobody had asked for, and whoever accepts has not looked at that."""
    if event.seen == state.unasked:
        return None
    if state.unasked is None:
        return Refusal(FailureCode.INVALID_VALUE, "没有未经要求的修改，请删去 seen。")
    told = f"未经要求的修改，最后一次是第 {state.unasked} 条：请先查看 changes，再在 seen 里写 {state.unasked}。"
    if event.seen is None:
        return Refusal(FailureCode.MISSING_VALUE, f"申请在提交以后有{told}")
    return Refusal(FailureCode.NEWER_CHANGE, f"您看过以后又有{told}")
