"""撤销: whether an approval stands."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply
from api.http.problems import ACT_PROBLEMS
from api.http.routes import SignedInRoute
from onething.services.undo import revocation
from onething.services.undo.schemas import RevocationRequest

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/revoke",
    summary="承诺不实的，决定是否撤销准予",
    response_model=revocation.RevocationView,
    responses=ACT_PROBLEMS,
)
async def decide_revocation(
    task_id: TaskIdPath, request: RevocationRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await revocation.decide(context, by, key, task_id, request))
