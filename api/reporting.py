"""督办: figures about departments and items, what waits for an answer, and the cards that were given."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.domain.base import Code
from onething.edge.dependencies import By, InContext, view_response
from onething.edge.problems import LIST_PROBLEMS
from onething.edge.query import PageQuery, QueryModel
from onething.edge.routes import SignedInRoute
from onething.services.reporting import data_quality, departments
from onething.services.reporting import sources as reporting_sources

router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


class OverviewQuery(PageQuery):
    first: date | None = Field(None, alias="from", description="起始日期；缺省为截止日期前 29 天")
    last: date | None = Field(None, alias="to", description="截止日期，含当天；缺省为今天")
    department: Code | None = Field(None, description="缺省为本地区各部门；部门负责人只能看本部门")


class DataQualityQuery(QueryModel):
    first: date | None = Field(None, alias="from", description="起始日期；缺省为截止日期前 29 天")
    last: date | None = Field(None, alias="to", description="截止日期，含当天；缺省为今天")
    department: Code | None = Field(None, description="缺省为各部门的数据源；部门负责人只能看本部门")


class SourcesQuery(QueryModel):
    hours: int = Field(reporting_sources.USUAL_H, ge=1, le=reporting_sources.LONGEST_H, description="往前看几小时")
    department: Code | None = Field(None, description="缺省为各部门；部门负责人只能看本部门")


@router.get(
    "/overview",
    summary="各部门、事项在一段时间内的办理情况和预计用时",
    response_model=departments.Overview,
    responses=LIST_PROBLEMS,
)
async def overview(context: InContext, by: By, query: Annotated[OverviewQuery, Query()]) -> Response:
    return view_response(
        await departments.overview(context, by, query.first, query.last, query.department, query.limit, query.after)
    )


@router.get(
    "/data-quality",
    summary="各数据源的质量：一段时间内与别处不一致的和核实结果，近来的拒绝和数据新旧",
    response_model=data_quality.DataQuality,
    responses=LIST_PROBLEMS,
)
async def quality_of_data(context: InContext, by: By, query: Annotated[DataQualityQuery, Query()]) -> Response:
    return view_response(await data_quality.report(context, by, query.first, query.last, query.department))


@router.get(
    "/sources",
    summary="各数据源近来的成功率、等待和数据新旧，正在等待的查询，熔断状态",
    response_model=reporting_sources.SourcesView,
    responses=LIST_PROBLEMS,
)
async def sources(context: InContext, by: By, query: Annotated[SourcesQuery, Query()]) -> Response:
    return view_response(await reporting_sources.sources(context, by, query.hours, query.department))
