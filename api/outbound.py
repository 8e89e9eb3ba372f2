"""For departments inside a closed network: they fetch what elsewhere is sent to them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.deps import By, DepartmentCode, InOffice, shown
from api.problems import documented
from api.query import QueryModel
from api.strict import SignedInRoute
from onething.services import outbound

router = APIRouter(prefix="/api/outbound", tags=["外部系统"], route_class=SignedInRoute)


class OrdersQuery(QueryModel):
    wait: int = Field(30, ge=0, le=60, description="没有时最多等多少秒")
    limit: int = Field(8, ge=1, le=20, description="一次最多取多少件")


@router.get(
    "/{department}",
    summary="部门系统来取派给它的事项（长轮询）；取到的十分钟内不再给别人，决定用回调答复",
    response_model=outbound.Orders,
    responses=documented(401, 403, 422),
)
async def fetch(
    department: DepartmentCode,
    office: InOffice,
    by: By,
    request: Request,
    query: Annotated[OrdersQuery, Query()],
) -> Response:
    told = await outbound.fetch(office, by, department, query.limit, query.wait, request.is_disconnected)
    return shown(told, {"Cache-Control": "no-store"})
