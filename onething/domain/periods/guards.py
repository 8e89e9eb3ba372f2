"""When an objection to a public notice, or the report of what others had to do, may be recorded."""

from onething.domain.definition.periods import PeriodKind, PeriodState
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.deadlines import NoticeObjected, OutsideReported
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan


def guard_period(plan: Plan, state: CaseState, event: NoticeObjected | OutsideReported) -> Refusal | None:
    """Why not, unless the period runs, and is one that ends so."""
    period = plan.period_by_code.get(event.period)
    if period is None:
        return Refusal(FailureCode.NOT_FOUND, "本办件没有这个期间。")
    wanted = PeriodKind.NOTICE if isinstance(event, NoticeObjected) else PeriodKind.OUTSIDE
    if period.kind is not wanted:
        what = "不接受异议" if wanted is PeriodKind.NOTICE else "不由人报告结果"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, f"“{period.name}”{what}，期满才结束。")
    if state.periods.get(event.period) is not PeriodState.RUNNING:
        begun = event.period in state.periods
        detail = f"“{period.name}”{'已经结束' if begun else '还没有开始'}。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None
