"""The 一件事 on offer, for anybody; who is signed in may learn more of their own."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import BundleCodePath, By, InContext, MaybeBy, view_response
from onething.edge.limits import take
from onething.edge.problems import READ_PROBLEMS, documented
from onething.edge.query import LongPaged, QueryModel
from onething.edge.routes import MaybeSignedInRoute, SignedInRoute, StrictRoute
from onething.security.limits import Allowance
from onething.services import bundles
from onething.services.bundles import BundlePage, PlanRequest
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import AlreadyBegun

RegionPath = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="行政区划代码")]


class PlaceQuery(QueryModel):
    region: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="在哪里办；不写是本系统所在地")] = None


router = APIRouter(prefix="/api/bundles", tags=["一件事"], route_class=StrictRoute)
planning = APIRouter(prefix="/api/bundles", tags=["一件事"], route_class=MaybeSignedInRoute)
beginning = APIRouter(prefix="/api/bundles", tags=["一件事"], route_class=SignedInRoute)


@router.get("", summary="提供的一件事", response_model=BundlePage, responses=documented(422))
async def list_bundles(context: InContext, page: LongPaged) -> Response:
    return view_response(bundles.page(context, page.limit, page.after))


@router.get("/{code}", summary="办事指南", response_model=bundles.BundleView, responses=documented(404, 422))
async def bundle(code: BundleCodePath, context: InContext, query: Annotated[PlaceQuery, Query()]) -> Response:
    return view_response(bundles.show(context, code, query.region))


@router.get(
    "/{code}/places/{region}",
    summary="一个一件事在某地与各地通行的有什么不同，依据是什么",
    response_model=bundles.PlaceView,
    responses=documented(404, 422),
)
async def place(code: BundleCodePath, region: RegionPath, context: InContext) -> Response:
    return view_response(bundles.at_place(context, code, region))


@planning.post(
    "/{code}/plan",
    summary="一次告知：按情形列出事项、表单、材料和预计时间",
    response_model=bundles.PlanView,
    responses=documented(400, 401, 403, 404, 413, 415, 422),
)
async def plan(code: BundleCodePath, request: PlanRequest, context: InContext, by: MaybeBy, http: Request) -> Response:
    if request.id_number is not None and by is not None:
        take(http, Allowance.SEARCH)
    return view_response(await bundles.plan(context, by, code, request))


@beginning.get(
    "/{code}/begun",
    summary="本人或委托人在这个一件事已有的草稿和在办的办件：开始申请以前看一看，接着填还是另开一份",
    response_model=AlreadyBegun,
    responses=READ_PROBLEMS,
)
async def begun(code: BundleCodePath, context: InContext, by: By) -> Response:
    return view_response(await cases_search.begun(context, by, code))
