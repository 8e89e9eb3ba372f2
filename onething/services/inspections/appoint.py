"""联合踏勘: the departments of several items look at the place together, and each concludes for its own."""

from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import inspection_clock
from onething.domain.errors import FailureCode, FieldProblem, NotAllowed, require_valid
from onething.domain.events.consults import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.followup.visits import VisitPlace
from onething.domain.inspections.guards import INSPECTION_DAYS
from onething.domain.kernel.queries import inspection_of
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services import visits
from onething.services.application import sealed_values
from onething.services.application.base import choices, pointing_at
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.context import AppContext
from onething.services.inspections.schemas import (
    ConclusionRequest,
    InspectionMoveRequest,
    InspectionRequest,
    InspectionResponse,
)
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record.case_writer import Recorded
from onething.store.tables import tasks


@act_on_task(Act.APPOINT_INSPECTION)
async def appoint(run: TaskRun, request: InspectionRequest) -> StoredResponse:
    """Of the task's own item, unless others are named with it. Raises InvalidInput, NotAllowed."""
    before = await run.locked()
    items = tuple(request.items or [run.task.item])
    _check(run.context, before.plan, run.task.item, items)
    n = before.state.inspected + 1
    limit = Limit(amount=request.days or INSPECTION_DAYS)
    event = InspectionAppointed(n=n, items=items, on=request.on, on_day_off=request.on_day_off, limit=limit)
    with pointing_at("/on"):
        recorded = await run.record(event)
    return _answer(recorded, run.task, n)


@act_on_task(Act.MOVE_INSPECTION)
async def move(run: TaskRun, request: InspectionMoveRequest) -> StoredResponse:
    """By any of the departments that have still to conclude. Raises NotAllowed where the item waits for none, or for
    a day that does not fit."""
    inspections = (await run.locked()).state.inspections
    n = inspection_of(inspections, run.task.item)
    if n is None:
        detail = "该事项没有等待结论的联合踏勘，不能改期；请用 inspect 安排。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    standing = inspections[n]
    event = InspectionMoved(
        n=n, items=standing.waiting, before=standing.on, on=request.on, on_day_off=request.on_day_off
    )
    with pointing_at("/on"):
        recorded = await run.record(event)
    return _answer(recorded, run.task, n)


@act_on_task(Act.CONCLUDE_INSPECTION)
async def conclude(run: TaskRun, request: ConclusionRequest) -> StoredResponse:
    """A suspended item stays so: its department resumes it. Raises NotAllowed where no conclusion is awaited, or the
    day has not come."""
    task, before = run.task, await run.locked()
    n = inspection_of(before.state.inspections, task.item) or before.state.inspected + 1  # there is none: refused
    conclusion = sealed_values.conclusion(task.item, n)
    event = InspectionConcluded(n=n, item=task.item, passed=request.passed, conclusion=conclusion)
    recorded = await run.record(event, run.sealed(conclusion, request.model_dump(), (task.department,)))
    visits.note(run.context, run.tx, run.principal, recorded, place=VisitPlace.ON_SITE)
    return _answer(recorded, task, n, passed=request.passed)


def _check(context: AppContext, plan: Plan, own: str, items: tuple[str, ...]) -> None:
    there = choices({item.code: item.name for item in plan.items})
    problems = [
        FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, f"本办件没有事项“{code}”。{there}")
        for index, code in enumerate(items)
        if code not in plan.item_by_code
    ]
    for index, code in enumerate(items):
        item = plan.item_by_code.get(code)
        if item is not None and (why := context.why_off_duty(item.department)):
            detail = f"{why}请先由运维移交其在办事项（onething departments move），或不邀其参加。"
            problems.append(FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, detail))
    problems += [
        FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, "同一事项只能写一次，请删去。")
        for index, code in enumerate(items)
        if code in items[:index]
    ]
    if own not in items:
        problems.append(FieldProblem("/items", FailureCode.INVALID_VALUE, f"须包括本待办的事项“{own}”，请加上。"))
    require_valid(problems)


def _answer(recorded: Recorded, task: tasks.Task, n: int, *, passed: bool | None = None) -> StoredResponse:
    inspection = recorded.state.inspections.get(n)
    clock = recorded.state.clocks.get(inspection_clock(n))
    view = InspectionResponse(
        task_id=task.task_id,
        case_no=recorded.case_no,
        item=task.item,
        n=n,
        on=inspection.on if inspection else None,
        due_at=clock.due_at if clock else None,
        passed=passed,
        waiting=list(inspection.waiting) if inspection else [],
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)
