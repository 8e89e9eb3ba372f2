"""A department records an objection to its public notice, or that what others had to do is done."""

from onething.domain.definition.periods import PeriodKind
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.deadlines import NoticeObjected, OutsideReported
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.periods.schemas import PeriodRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.RECORD_PERIOD)
async def record(run: CaseRun, period: str, request: PeriodRequest) -> StoredResponse:
    """Raises NOT_FOUND, NotPermitted for another department than the period's, NotAllowed unless it runs."""
    now = await run.locked()
    planned = now.plan.period_by_code.get(period)
    if planned is None:
        raise OneThingError(FailureCode.NOT_FOUND, "本办件没有这个期间。")
    if planned.department != run.principal.department:
        raise NotPermitted(FailureCode.NOT_PERMITTED, f"“{planned.name}”由其他部门登记。")
    name = sealed_values.period(period)
    value = run.sealed(name, {"what": request.what}, now.plan.departments)
    if planned.kind is PeriodKind.OUTSIDE:
        return standing(await run.record(OutsideReported(period=period, report=name), value))
    return standing(await run.record(NoticeObjected(period=period, objection=name), value))
