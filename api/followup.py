"""催办和督办."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.reporting import OverviewQuery
from onething.domain.base import Code
from onething.domain.principal import Region
from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, documented
from onething.edge.query import PageQuery
from onething.edge.routes import SignedInRoute
from onething.services.followup import supervision, urges
from onething.services.followup.schemas import (
    SupervisionReplyRequest,
    SupervisionRequest,
    UrgeReplyRequest,
    UrgeRequest,
)
from onething.services.summaries.case_summary import Reminded


class ReminderQuery(PageQuery):
    department: Code | None = Field(None, description="缺省为本地区各部门；部门只能看本部门")


class CardQuery(OverviewQuery):
    region: Region | None = Field(None, description="缺省为本地区，也只能看本地区")
    card: Literal["yellow", "red"] | None = None


router = APIRouter(prefix="/api/cases", tags=["督办"], route_class=SignedInRoute)


@router.post(
    "/{case_no}/urge",
    summary="催办一个事项或整个办件；一个工作日内只能催办一次，过早的 429 写明何时可以再催",
    response_model=Reminded,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def urge(case_no: CaseNoPath, request: UrgeRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    return reply(await urges.urge(context, by, key, case_no, request))


@router.post("/{case_no}/urge/answer", summary="答复催办（承办部门）", response_model=Reminded, responses=ACT_PROBLEMS)
async def answer_urge(
    case_no: CaseNoPath, request: UrgeReplyRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await urges.answer_urge(context, by, key, case_no, request))


@router.post(
    "/{case_no}/supervise",
    summary="督办一个事项或整个办件，要求限期答复（督办员）",
    response_model=Reminded,
    responses=ACT_PROBLEMS,
)
async def supervise(
    case_no: CaseNoPath, request: SupervisionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await urges.supervise(context, by, key, case_no, request))


@router.post(
    "/{case_no}/supervise/answer", summary="答复督办（承办部门）", response_model=Reminded, responses=ACT_PROBLEMS
)
async def answer_supervision(
    case_no: CaseNoPath, request: SupervisionReplyRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await urges.answer_supervision(context, by, key, case_no, request))


supervision_router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


@supervision_router.get(
    "/reminders",
    summary="等待答复的催办和督办，答复期限早的在前",
    response_model=supervision.AwaitedPage,
    responses=LIST_PROBLEMS,
)
async def reminders(context: InContext, by: By, query: Annotated[ReminderQuery, Query()]) -> Response:
    return view_response(await supervision.awaited(context, by, query.department, query.limit, query.after))


@supervision_router.get(
    "/cards",
    summary="一段时间内的黄牌和红牌，新的在前",
    response_model=supervision.CardPage,
    responses=LIST_PROBLEMS,
)
async def cards(context: InContext, by: By, query: Annotated[CardQuery, Query()]) -> Response:
    days = (query.first, query.last)
    where = (query.region, query.department)
    return view_response(await supervision.cards(context, by, *days, *where, query.card, query.limit, query.after))
