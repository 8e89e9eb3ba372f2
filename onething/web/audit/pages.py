"""谁看过我的信息, newest first; each look at this page is a line of its own."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.audit import own_access
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/my/access", route_class=SignedInPageRoute, include_in_schema=False)


class AccessPageQuery(PageQuery):
    own: bool = Field(False)


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[AccessPageQuery, Query()]) -> Response:
    found = await own_access.page(context, by, own_too=query.own, limit=query.limit, after=query.after)
    return render(request, "audit/page_access.html", {"found": found, "own": query.own})
