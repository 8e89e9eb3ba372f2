"""时限: when something is due and why; time that is stopped, started again and given."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, TaskIdPath, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, READ_PROBLEMS
from onething.edge.query import LongPaged
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.deadlines import clocks, extend, suspend
from onething.services.deadlines.schemas import ExtensionRequest, SuspensionRequest
from onething.services.summaries.case_summary import CaseStanding
from onething.services.summaries.clocks import ClockList, ItemTime

router = APIRouter(prefix="/api", tags=["时限"], route_class=SignedInRoute)


@router.get(
    "/cases/{case_no}/clocks",
    summary="时限：何时到期，逐日说明为什么",
    response_model=ClockList,
    responses=READ_PROBLEMS,
)
async def case_clocks(case_no: CaseNoPath, context: InContext, by: By, page: LongPaged) -> Response:
    return view_response(await clocks.clocks(context, by, case_no, page.limit, page.after))


@router.post(
    "/cases/{case_no}/extend",
    summary="延长整个办件的法定期限（督办员）",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def extend_case(
    case_no: CaseNoPath, request: ExtensionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await extend.extend_case(context, by, key, case_no, request))


@router.post(
    "/tasks/{task_id}/suspend",
    summary="中止计时：特殊程序（承办部门）或不可抗力（督办员）",
    response_model=ItemTime,
    responses=ACT_PROBLEMS,
)
async def suspend_task(
    task_id: TaskIdPath, request: SuspensionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await suspend.suspend(context, by, key, task_id, request))


@router.post("/tasks/{task_id}/resume", summary="恢复计时", response_model=ItemTime, responses=ACT_PROBLEMS)
async def resume_task(
    task_id: TaskIdPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await suspend.resume(context, by, key, task_id))


@router.post(
    "/tasks/{task_id}/extend",
    summary="延长一个事项的法定期限（部门负责人）",
    response_model=ItemTime,
    responses=ACT_PROBLEMS,
)
async def extend_task(
    task_id: TaskIdPath, request: ExtensionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await extend.extend_item(context, by, key, task_id, request))
