"""督办: figures about departments and items."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import After, By, InOffice, Limit, shown
from api.problems import documented
from api.strict import SignedInRoute
from onething.domain.model import Code
from onething.services import measures

router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


@router.get(
    "/overview",
    summary="各部门、事项在一段时间内的办理情况和预计用时",
    response_model=measures.Overview,
    responses=documented(401, 403, 422),
)
async def overview(
    office: InOffice,
    by: By,
    first: Annotated[date | None, Query(alias="from", description="起始日期；缺省为截止日期前 29 天")] = None,
    last: Annotated[date | None, Query(alias="to", description="截止日期，含当天；缺省为今天")] = None,
    department: Annotated[Code | None, Query(description="缺省为本地区各部门；部门负责人只能看本部门")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    return shown(await measures.overview(office, by, first, last, department, limit, after))
