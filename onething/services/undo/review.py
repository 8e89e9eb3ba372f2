"""请求复核: whoever finds that an approval should not have been given asks its department to look at it anew.

行政许可法 Art. 69. The way where a return is none, since others have decided on it."""

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.undo import ReviewAsked
from onething.domain.undo.revocation import may_question, next_review
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.services.undo.schemas import ReviewRequest


@act_on_case(Act.ASK_REVIEW)
async def ask(run: CaseRun, item: str, request: ReviewRequest) -> StoredResponse:
    """A task of the department that approved, whether that stands. Raises NOT_FOUND, NotPermitted for a department
    whose items have nothing to do with it, NotAllowed where nothing stands, or it is asked already."""
    now = await run.locked()
    if item not in now.plan.item_by_code:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个事项。")
    concerned, department = may_question(now.plan, item), run.principal.department
    if department is not None and department not in concerned:
        detail = "只有该事项的部门、依据它办理的部门和督办员可以请求复核。"
        raise NotPermitted(FailureCode.NOT_PERMITTED, detail)
    round_no = next_review(now.state, item)
    reason = sealed_values.review(item, round_no)
    value = run.sealed(reason, {"reason": request.reason}, concerned)
    return standing(await run.record(ReviewAsked(item=item, round=round_no, reason=reason), value))
