"""期间: what a department records of a public notice, or of what others had to do."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, ItemCode, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.periods import record
from onething.services.periods.schemas import PeriodRequest
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(prefix="/api/cases", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{case_no}/periods/{period}",
    summary="登记公告期间的异议，或者约定的事已经完成",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def record_period(
    case_no: CaseNoPath, period: ItemCode, request: PeriodRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await record.record(context, by, key, case_no, period, request))
