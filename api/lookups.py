"""查询数据: asking a source anew, and records looked for by hand."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, DataKey, IdempotencyKey, InContext, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS, documented
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.lookups import manual_check
from onething.services.lookups import retry as lookups_retry
from onething.services.lookups.schemas import ManualCheckRequest

source_router = APIRouter(prefix="/api/cases/{case_no}", tags=["综合窗口"], route_class=SignedInRoute)


@source_router.post(
    "/data/{data}/retry",
    summary="再次查询数据源（窗口，或需要它的部门）；十分钟内一次，过早的 429 写明何时可以再查",
    response_model=lookups_retry.Retried,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def retry(
    case_no: CaseNoPath, data: DataKey, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await lookups_retry.retry(context, by, key, case_no, data))


task_router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@task_router.post(
    "/{task_id}/look-up",
    summary="人工核查：登记查到的记录，或查无此记录",
    response_model=manual_check.LookedByHandView,
    responses=ACT_PROBLEMS,
)
async def look_up_by_hand(
    task_id: TaskIdPath, request: ManualCheckRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await manual_check.look_up(context, by, key, task_id, request))
