"""督办: the board, and how data sources do. Period and department stand in the address, so it can be passed on."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery, QueryModel
from onething.services.followup import ratings
from onething.services.reporting import data_quality, departments
from onething.services.reporting import sources as reporting_sources
from onething.services.reporting.departments import DepartmentMeasures
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render
from onething.web.core.typed_dates import typed_date
from onething.web.reporting.charts import bars
from onething.web.reporting.figures import FIGURES

router = APIRouter(prefix="/supervise", route_class=SignedInPageRoute, include_in_schema=False)
_LATEST = 5


class BoardQuery(PageQuery):
    """As texts: a period that is none is told on the page, with what was typed."""

    first: str = Field("", alias="from", max_length=20)
    last: str = Field("", alias="to", max_length=20)
    department: Code | None = None

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Raises ValueError for what is no day."""
        return tuple(date.fromisoformat(typed_date(text)) if text else None for text in (self.first, self.last))  # type: ignore[return-value]

    def address(self, **changes: str) -> str:
        """What of it is said, for links to the rows."""
        given = {"from": self.first, "to": self.last, "department": self.department or "", **changes}
        return urlencode({name: value for name, value in given.items() if value})


class SourceHealthQuery(QueryModel):
    hours: int = Field(reporting_sources.USUAL_H, ge=1, le=reporting_sources.LONGEST_H)
    department: Code | None = None


@router.get("", response_class=Response)
async def board(request: Request, context: InContext, by: By, query: Annotated[BoardQuery, Query()]) -> Response:
    values = {
        "query": query,
        "figures": FIGURES,
        "all_departments": context.catalog.departments,
        "department": context.department,
    }
    try:
        first, last = query.days
        found = await departments.overview(context, by, first, last, query.department, query.limit, query.after)
    except ValueError:
        wrong = "日期请写成 2026-01-31 这样。"
        return render(request, "reporting/page_board.html", {**values, "wrong": wrong, "board": None}, status=422)
    except OneThingError as refused:
        mistakes = mistakes_of(refused)
        wrong = "；".join(one.detail for one in mistakes.fields) or mistakes.detail
        values |= {"wrong": wrong, "board": None}
        return render(request, "reporting/page_board.html", values, status=mistakes.status)
    rated = await ratings.page(context, by, bad=True, limit=_LATEST, after=None)
    values |= {
        "wrong": None,
        "board": found,
        "bad_ratings": rated,
        "on_time": bars("按时办结率", _of(found.departments, "on_time_rate"), rate=True),
        "decided": bars("办结", _of(found.departments, "decided"), rate=False),
    }
    return render(request, "reporting/page_board.html", values)


@router.get("/sources", response_class=Response)
async def sources(
    request: Request, context: InContext, by: By, query: Annotated[SourceHealthQuery, Query()]
) -> Response:
    values = {
        "found": await reporting_sources.sources(context, by, query.hours, query.department),
        "quality": await data_quality.report(context, by, None, None, query.department),
        "query": query,
        "all_departments": context.catalog.departments,
        "department": context.department,
    }
    return render(request, "reporting/page_sources.html", values)


def _of(measures: list[DepartmentMeasures], code: str) -> list[tuple[str, float]]:
    return [(one.department_name, value) for one in measures if (value := getattr(one, code)) is not None]
