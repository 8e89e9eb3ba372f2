"""部门之间: opinions, agreements and joint inspections."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.consults import ask
from onething.services.consults.schemas import (
    ConsultationRequest,
    ConsultationResponse,
    OpinionRequest,
    OpinionResponse,
    RecallRequest,
    RecallResponse,
)
from onething.services.inspections import appoint
from onething.services.inspections.schemas import (
    ConclusionRequest,
    InspectionMoveRequest,
    InspectionRequest,
    InspectionResponse,
)

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/consult",
    summary="向其他部门征求意见或会签",
    response_model=ConsultationResponse,
    responses=ACT_PROBLEMS,
)
async def ask_departments(
    task_id: TaskIdPath, request: ConsultationRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await ask.consult(context, by, key, task_id, request))


@router.post(
    "/{task_id}/consult/withdraw",
    summary="撤回还没有答复的征求意见或会签",
    response_model=RecallResponse,
    responses=ACT_PROBLEMS,
)
async def take_back(
    task_id: TaskIdPath, request: RecallRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await ask.take_back(context, by, key, task_id, request))


@router.post("/{task_id}/answer", summary="答复征求意见或会签", response_model=OpinionResponse, responses=ACT_PROBLEMS)
async def give_opinion(
    task_id: TaskIdPath, request: OpinionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await ask.give_opinion(context, by, key, task_id, request))


@router.post("/{task_id}/inspect", summary="安排联合踏勘", response_model=InspectionResponse, responses=ACT_PROBLEMS)
async def appoint_inspection(
    task_id: TaskIdPath, request: InspectionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await appoint.appoint(context, by, key, task_id, request))


@router.post(
    "/{task_id}/inspect/move", summary="联合踏勘改期", response_model=InspectionResponse, responses=ACT_PROBLEMS
)
async def move_inspection(
    task_id: TaskIdPath, request: InspectionMoveRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await appoint.move(context, by, key, task_id, request))


@router.post(
    "/{task_id}/conclude", summary="作出本事项的踏勘结论", response_model=InspectionResponse, responses=ACT_PROBLEMS
)
async def conclude_inspection(
    task_id: TaskIdPath, request: ConclusionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await appoint.conclude(context, by, key, task_id, request))
