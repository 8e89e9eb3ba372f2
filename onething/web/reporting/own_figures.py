"""本部门的指标, for its leader: the board's figures of one department, item by item."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import InvalidInput
from onething.edge.dependencies import By, InContext
from onething.services.reporting import departments
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render
from onething.web.reporting.figures import FIGURES
from onething.web.reporting.pages import BoardQuery

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "reporting/page_own_figures.html"


@router.get("/work/figures", response_class=Response)
async def own(request: Request, context: InContext, by: By, query: Annotated[BoardQuery, Query()]) -> Response:
    values = {"query": query, "figures": FIGURES, "department": context.department(by.department or "")}
    try:
        first, last = query.days
        found = await departments.overview(context, by, first, last, by.department, query.limit, query.after)
    except ValueError:
        wrong = "日期请写成 2026-01-31 这样。"
        return render(request, _TEMPLATE, {**values, "wrong": wrong, "board": None}, status=422)
    except InvalidInput as refused:
        wrong = "；".join(one.detail for one in mistakes_of(refused).fields)
        return render(request, _TEMPLATE, {**values, "wrong": wrong, "board": None}, status=422)
    return render(request, _TEMPLATE, {**values, "wrong": None, "board": found})
