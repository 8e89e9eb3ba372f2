"""核实: the owner of data that disagree says which value is right."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.discrepancies import resolve
from onething.services.discrepancies.schemas import ResolutionRequest

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/resolve", summary="登记哪一方的数据正确", response_model=resolve.Resolved, responses=ACT_PROBLEMS
)
async def resolve_discrepancy(
    task_id: TaskIdPath, request: ResolutionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await resolve.resolve(context, by, key, task_id, request))
