"""好差评: rating a case or, by its code, one visit; answering a bad rating; and the list for supervisors."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, reply, view_response
from onething.edge.origin import of_request
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import PageQuery
from onething.edge.routes import SignedInRoute, StrictRoute
from onething.security.addresses import counted_as
from onething.services.followup import ratings as followup_ratings
from onething.services.followup import visits
from onething.services.followup.schemas import RatingFollowUpRequest, RatingRequest, VisitRatingRequest
from onething.services.followup.visits import RatedVisitView, VisitCode, VisitRated
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(tags=["好差评"], route_class=SignedInRoute)
anybody = APIRouter(tags=["好差评"], route_class=StrictRoute)
_AT = "/api/cases/{case_no}/rating"
_VISIT = "/api/supervision/visits/{visit}"
VisitPath = Annotated[int, Path(ge=1, le=2**53, description="评价列表里的 visit")]


class RatingListQuery(PageQuery):
    bad: bool = Field(False, description="只看差评（1、2 分）")


@router.post(_AT, summary="评价一个已经结束的办件，一次", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def rate(
    case_no: CaseNoPath, request: RatingRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await followup_ratings.rate(context, by, key, case_no, request))


@router.post(f"{_AT}/contact", summary="登记差评的回访", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def contact(
    case_no: CaseNoPath, request: RatingFollowUpRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await followup_ratings.contact(context, by, key, case_no, request))


@router.post(f"{_AT}/rectify", summary="登记差评的整改", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def rectify(
    case_no: CaseNoPath, request: RatingFollowUpRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await followup_ratings.rectify(context, by, key, case_no, request))


@router.get(
    "/api/supervision/ratings",
    summary="本地区的评价，新的在前，不含个人信息",
    response_model=followup_ratings.RatingPage,
    responses=LIST_PROBLEMS,
)
async def ratings(context: InContext, by: By, query: Annotated[RatingListQuery, Query()]) -> Response:
    return view_response(await followup_ratings.page(context, by, bad=query.bad, limit=query.limit, after=query.after))


@anybody.post(
    "/api/visits/rating",
    summary="凭回执上的评价码评价一次到场办理，不用登录，一次",
    response_model=VisitRated,
    responses=documented(404, 422, 429),
)
async def rate_visit(request: VisitRatingRequest, http: Request, context: InContext) -> Response:
    return view_response(await visits.rate(context, request, counted_as(of_request(http).address)))


@router.get(
    "/api/cases/{case_no}/visit-code",
    summary="给来人的评价码：自己经手的最近一次到场办理",
    response_model=VisitCode,
    responses=READ_PROBLEMS,
)
async def visit_code(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return view_response(await visits.code(context, by, case_no))


@router.get(
    _VISIT,
    summary="一次被评价的到场办理，不含评价人和经办人",
    response_model=RatedVisitView,
    responses=READ_PROBLEMS,
)
async def visit(visit: VisitPath, context: InContext, by: By) -> Response:
    return view_response(await visits.show(context, by, visit))


@router.post(
    f"{_VISIT}/contact",
    summary="登记对到场办理差评的回访",
    response_model=RatedVisitView,
    responses=ACT_PROBLEMS,
)
async def contact_visit(
    visit: VisitPath, request: RatingFollowUpRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await visits.contact(context, by, key, visit, request))


@router.post(
    f"{_VISIT}/rectify",
    summary="登记对到场办理差评的整改",
    response_model=RatedVisitView,
    responses=ACT_PROBLEMS,
)
async def rectify_visit(
    visit: VisitPath, request: RatingFollowUpRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await visits.rectify(context, by, key, visit, request))
