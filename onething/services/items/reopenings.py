"""重新办理: a supervisor has a closed case go on with items whose decision was set aside, by review, a court, or the
office above."""

from collections.abc import Iterator, Sequence

from onething.domain.engine.guards import why_not_in
from onething.domain.errors import FailureCode, FieldProblem, refuse, require_valid
from onething.domain.events.items import CaseReopened
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import choices
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.deadlines.calendars import newer_calendar
from onething.services.items.schemas import ReopenRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.REOPEN_CASE)
async def reopen(run: CaseRun, request: ReopenRequest) -> StoredResponse:
    """Time counts by the calendar of today. Raises NotAllowed unless the case is closed, and a decision ended each of
    the items; InvalidInput for items that it does not have."""
    now = await run.locked()
    event = CaseReopened(items=tuple(request.items), basis=request.basis, reason=sealed_values.new_notice())
    refuse(why_not_in(now.state.status, {event.kind}))
    require_valid(_problems(now.plan, request.items))
    content = {"reason": request.reason, "basis": request.basis}
    recorded = await run.record(event, run.sealed(event.reason, content, _concerned(now.plan, event.items)))
    by_today = await newer_calendar(run.context.plan_cache, run.tx, recorded.state)
    return standing(recorded if by_today is None else await run.record(by_today))


def _problems(plan: Plan, items: Sequence[str]) -> Iterator[FieldProblem]:
    there = choices({item.code: item.name for item in plan.items})
    for index, code in enumerate(items):
        if code not in plan.item_by_code:
            yield FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, f"本办件没有事项“{code}”。{there}")
        elif code in items[:index]:
            yield FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, "同一事项只能写一次，请删去。")


def _concerned(plan: Plan, items: Sequence[str]) -> tuple[str, ...]:
    """Departments that decide anew, and those of what waits for that."""
    reached: dict[str, None] = {}
    ahead = list(items)
    while ahead:
        code = ahead.pop()
        if code not in reached:
            reached[code] = None
            ahead.extend(plan.dependants[code])
    return tuple(dict.fromkeys(one.department for one in plan.items if one.code in reached))
