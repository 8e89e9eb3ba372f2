"""好差评: rating, answering a bad rating, and the list for supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS
from onething.edge.query import PageQuery
from onething.edge.routes import SignedInRoute
from onething.services.followup import ratings as followup_ratings
from onething.services.followup.schemas import RatingFollowUpRequest, RatingRequest
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(tags=["好差评"], route_class=SignedInRoute)
_AT = "/api/cases/{case_no}/rating"


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
