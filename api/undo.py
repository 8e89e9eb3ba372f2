"""撤销: whether an approval stands."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, ItemCode, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.summaries.case_summary import CaseStanding
from onething.services.undo import review, revocation
from onething.services.undo.schemas import ReviewRequest, RevocationRequest

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/revoke",
    summary="决定是否撤销",
    response_model=revocation.RevocationView,
    responses=ACT_PROBLEMS,
)
async def decide_revocation(
    task_id: TaskIdPath, request: RevocationRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await revocation.decide(context, by, key, task_id, request))


case_router = APIRouter(prefix="/api/cases", tags=["部门"], route_class=SignedInRoute)


@case_router.post(
    "/{case_no}/items/{item}/review",
    summary="请准予该事项的部门复核，决定是否撤销",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def ask_review(
    case_no: CaseNoPath, item: ItemCode, request: ReviewRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await review.ask(context, by, key, case_no, item, request))
