"""督办: figures about departments and items, what waits for an answer, and the cards that were given."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.deps import By, InOffice, shown
from api.problems import documented
from api.query import Paged, PageQuery, QueryModel
from api.strict import SignedInRoute
from onething.domain.caller import Region
from onething.domain.model import Code
from onething.services import credit_notes, data_quality, measures, source_measures, supervising

router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


class OverviewQuery(PageQuery):
    first: date | None = Field(None, alias="from", description="起始日期；缺省为截止日期前 29 天")
    last: date | None = Field(None, alias="to", description="截止日期，含当天；缺省为今天")
    department: Code | None = Field(None, description="缺省为本地区各部门；部门负责人只能看本部门")


class DataQualityQuery(QueryModel):
    first: date | None = Field(None, alias="from", description="起始日期；缺省为截止日期前 29 天")
    last: date | None = Field(None, alias="to", description="截止日期，含当天；缺省为今天")
    department: Code | None = Field(None, description="缺省为各部门的数据源；部门负责人只能看本部门")


class ReminderQuery(PageQuery):
    department: Code | None = Field(None, description="缺省为本地区各部门；部门只能看本部门")


class CardQuery(OverviewQuery):
    region: Region | None = Field(None, description="缺省为本地区，也只能看本地区")
    card: Literal["yellow", "red"] | None = None


class SourcesQuery(QueryModel):
    hours: int = Field(source_measures.USUAL_H, ge=1, le=source_measures.LONGEST_H, description="往前看几小时")
    department: Code | None = Field(None, description="缺省为各部门；部门负责人只能看本部门")


@router.get(
    "/overview",
    summary="各部门、事项在一段时间内的办理情况和预计用时",
    response_model=measures.Overview,
    responses=documented(401, 403, 422),
)
async def overview(office: InOffice, by: By, query: Annotated[OverviewQuery, Query()]) -> Response:
    return shown(
        await measures.overview(office, by, query.first, query.last, query.department, query.limit, query.after)
    )


@router.get(
    "/data-quality",
    summary="各数据源的质量：一段时间内与别处不一致的和核实结果，近来的拒绝和数据新旧",
    response_model=data_quality.DataQuality,
    responses=documented(401, 403, 422),
)
async def quality_of_data(office: InOffice, by: By, query: Annotated[DataQualityQuery, Query()]) -> Response:
    return shown(await data_quality.report(office, by, query.first, query.last, query.department))


@router.get(
    "/reminders",
    summary="等待答复的催办和督办，答复期限早的在前",
    response_model=supervising.AwaitedPage,
    responses=documented(401, 403, 422),
)
async def reminders(office: InOffice, by: By, query: Annotated[ReminderQuery, Query()]) -> Response:
    return shown(await supervising.awaited(office, by, query.department, query.limit, query.after))


@router.get(
    "/cards",
    summary="一段时间内的黄牌和红牌，新的在前",
    response_model=supervising.CardPage,
    responses=documented(401, 403, 422),
)
async def cards(office: InOffice, by: By, query: Annotated[CardQuery, Query()]) -> Response:
    days = (query.first, query.last)
    where = (query.region, query.department)
    return shown(await supervising.cards(office, by, *days, *where, query.card, query.limit, query.after))


@router.get(
    "/sources",
    summary="各数据源近来的成功率、等待和数据新旧，正在等待的查询，熔断状态",
    response_model=source_measures.SourcesView,
    responses=documented(401, 403, 422),
)
async def sources(office: InOffice, by: By, query: Annotated[SourcesQuery, Query()]) -> Response:
    return shown(await source_measures.sources(office, by, query.hours, query.department))


@router.get(
    "/credit-notes",
    summary="失信记录：因承诺不实撤销的准予，新的在前，不含个人信息",
    response_model=credit_notes.CreditNotePage,
    responses=documented(401, 403, 422),
)
async def credit_note_page(office: InOffice, by: By, page: Paged) -> Response:
    return shown(await credit_notes.page(office, by, page.limit, page.after))
