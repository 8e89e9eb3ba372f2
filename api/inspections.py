"""联合查验: what is said of inspections that the definition plans."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, ItemCode, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.inspections import planned_acts
from onething.services.inspections.planned_schemas import (
    DayChoiceRequest,
    DayRequest,
    DaysRequest,
    PartRequest,
    RectifiedRequest,
)
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(prefix="/api/cases/{case_no}/inspections/{inspection}", tags=["部门"], route_class=SignedInRoute)
item_router = APIRouter(prefix="/api/cases/{case_no}/items/{item}/inspection", tags=["部门"], route_class=SignedInRoute)


@router.post("/days", summary="牵头部门提供几个供选的日期", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def offer_days(
    case_no: CaseNoPath, inspection: ItemCode, request: DaysRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await planned_acts.offer(context, by, key, case_no, inspection, request))


@router.post("/choice", summary="申请人选一个日期，或者说都不合适", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def choose_day(
    case_no: CaseNoPath,
    inspection: ItemCode,
    request: DayChoiceRequest,
    context: InContext,
    by: By,
    key: IdempotencyKey,
) -> Response:
    return reply(await planned_acts.choose(context, by, key, case_no, inspection, request))


@router.post("/day", summary="牵头部门确定日期，或者改期", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def set_day(
    case_no: CaseNoPath, inspection: ItemCode, request: DayRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await planned_acts.set_day(context, by, key, case_no, inspection, request))


@item_router.post("", summary="登记本部门事项的联合查验结果", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def record_part(
    case_no: CaseNoPath, item: ItemCode, request: PartRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await planned_acts.record_part(context, by, key, case_no, item, request))


@router.post(
    "/list",
    summary="牵头部门汇总：一张整改清单告知申请人",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def close_inspection(
    case_no: CaseNoPath, inspection: ItemCode, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await planned_acts.close(context, by, key, case_no, inspection))


@router.post("/rectified", summary="申请人报告已经整改", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def report_rectified(
    case_no: CaseNoPath,
    inspection: ItemCode,
    request: RectifiedRequest,
    context: InContext,
    by: By,
    key: IdempotencyKey,
) -> Response:
    return reply(await planned_acts.report_rectified(context, by, key, case_no, inspection, request))
