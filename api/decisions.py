"""决定: an officer decides an item."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.decisions import decide
from onething.services.decisions.schemas import DecisionRequest, DecisionResponse

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/decide",
    summary="作出决定；他人已先决定的，409 中给出该决定",
    response_model=DecisionResponse,
    responses=ACT_PROBLEMS,
)
async def decide_task(
    task_id: TaskIdPath, request: DecisionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await decide.decide(context, by, key, task_id, request))
