"""业务系统在办的."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel
from onething.services.dispatch import at_systems
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_ROWS = 50


class AtSystemsQuery(QueryModel):
    after: str | None = Field(None, max_length=400)


@router.get("/work/at-systems", response_class=Response)
async def in_hand(request: Request, context: InContext, by: By, query: Annotated[AtSystemsQuery, Query()]) -> Response:
    page = await at_systems.at_systems_of(context, by, None, _ROWS, query.after)
    return render(request, "dispatch/page_at_systems.html", {"page": page, "now": context.clock.now()})
