"""排名: departments beside each other, by one figure of the board. Nobody is ranked by few decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext
from onething.services.reporting import departments
from onething.services.reporting.departments import DepartmentMeasures
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render
from onething.web.reporting.charts import bars
from onething.web.reporting.figures import FIGURES, Figure
from onething.web.reporting.pages import BoardQuery

router = APIRouter(prefix="/supervise", route_class=SignedInPageRoute, include_in_schema=False)
ENOUGH = 5
"""Decisions in the period from which on a department is ranked (assumed)."""
RANKING = tuple(one for one in FIGURES if one.better)
_CODES = frozenset(one.code for one in RANKING)
_USUAL = "on_time_rate"


class LeagueQuery(BoardQuery):
    """`by`: the code of a figure; what is none of those that rank is as good as the usual one."""

    by: str = Field(_USUAL, max_length=40)

    @property
    def figure(self) -> Figure:
        return next(one for one in RANKING if one.code == (self.by if self.by in _CODES else _USUAL))


@dataclass(frozen=True)
class LeagueRow:
    """`place`: None where there are too few decisions, or nothing that the figure could be of."""

    place: int | None
    measures: DepartmentMeasures


@router.get("/league", response_class=Response)
async def league(request: Request, context: InContext, by: By, query: Annotated[LeagueQuery, Query()]) -> Response:
    values = {"query": query, "figures": RANKING, "by": query.figure, "enough": ENOUGH}
    try:
        first, last = query.days
        found = await departments.overview(context, by, first, last, None, 1, None)
    except ValueError:
        wrong = "日期请写成 2026-01-31 这样。"
        return render(request, "reporting/page_league.html", {**values, "wrong": wrong, "board": None}, status=422)
    except OneThingError as refused:
        mistakes = mistakes_of(refused)
        wrong = "；".join(one.detail for one in mistakes.fields) or mistakes.detail
        values |= {"wrong": wrong, "board": None}
        return render(request, "reporting/page_league.html", values, status=mistakes.status)
    rows = ranked(found.departments, query.figure)
    shown = [(row.measures.department_name, query.figure.value(row.measures) or 0) for row in rows if row.place]
    values |= {"wrong": None, "board": found, "rows": rows, "chart": bars(query.figure.name, shown, rate=True)}
    return render(request, "reporting/page_league.html", values)


def ranked(measures: Sequence[DepartmentMeasures], figure: Figure) -> list[LeagueRow]:
    """The best first; who does equally well has the same place, and the next place is counted after them all."""
    sign = -1 if figure.better == "more" else 1
    values = {one.department: figure.value(one) for one in measures if one.decided >= ENOUGH}
    known = sorted(sign * value for value in values.values() if value is not None)
    rows = []
    for one in measures:
        value = values.get(one.department)
        rows.append(LeagueRow(None if value is None else known.index(sign * value) + 1, one))
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.measures.department))
