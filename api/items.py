"""事项: sent back to an earlier department, waiting for corrections, or decided anew."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, TaskIdPath, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.intake.schemas import ItemCorrectionsRequest
from onething.services.items import demands, reopenings
from onething.services.items import returns as items_send_back
from onething.services.items.schemas import ReopenRequest, ReturnRequest, WithdrawalRequest
from onething.services.summaries.case_summary import CaseStanding
from onething.services.summaries.clocks import ItemTime

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/return",
    summary="退回前一事项，写明理由；其部门重新办理，需要它的事项等待",
    response_model=items_send_back.SentBack,
    responses=ACT_PROBLEMS,
)
async def send_back(
    task_id: TaskIdPath, request: ReturnRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await items_send_back.send_back(context, by, key, task_id, request))


@router.post(
    "/{task_id}/correction/withdraw",
    summary="撤回受理后的补正要求，按现有材料继续办理",
    response_model=ItemTime,
    responses=ACT_PROBLEMS,
)
async def take_back_demand(
    task_id: TaskIdPath, request: WithdrawalRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await demands.take_back(context, by, key, task_id, request))


@router.post(
    "/{task_id}/correction",
    summary="受理后要求补正：承诺期限等待，法定期限照常计算",
    response_model=ItemTime,
    responses=ACT_PROBLEMS,
)
async def ask_for_corrections(
    task_id: TaskIdPath, request: ItemCorrectionsRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await demands.ask(context, by, key, task_id, request))


case_router = APIRouter(prefix="/api/cases", tags=["督办"], route_class=SignedInRoute)


@case_router.post(
    "/{case_no}/reopen",
    summary="已归档的办件，原决定被撤销的，重新办理这些事项，写明依据的文书（督办员）",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def reopen_case(
    case_no: CaseNoPath, request: ReopenRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await reopenings.reopen(context, by, key, case_no, request))
