"""业务系统在办的."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel
from onething.services.dispatch import at_systems
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
supervision = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_ROWS = 50


class AtSystemsQuery(QueryModel):
    after: str | None = Field(None, max_length=400)


class OfDepartmentQuery(AtSystemsQuery):
    department: Code | None = None


@router.get("/work/at-systems", response_class=Response)
async def in_hand(request: Request, context: InContext, by: By, query: Annotated[AtSystemsQuery, Query()]) -> Response:
    page = await at_systems.at_systems_of(context, by, None, _ROWS, query.after)
    return render(request, "dispatch/page_at_systems.html", {"page": page, "now": context.clock.now()})


@supervision.get("/supervise/at-systems", response_class=Response)
async def of_department(
    request: Request, context: InContext, by: By, query: Annotated[OfDepartmentQuery, Query()]
) -> Response:
    """Of one department; all together nobody asks for."""
    department = query.department or next(iter(context.catalog.departments))
    values = {
        "page": await at_systems.at_systems_of(context, by, department, _ROWS, query.after),
        "now": context.clock.now(),
        "chosen": department,
        "all_departments": context.catalog.departments,
        "department": context.department,
    }
    return render(request, "dispatch/page_supervised_at_systems.html", values)
