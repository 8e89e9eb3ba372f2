"""失信记录: which approval fell since which promise was broken. Nobody is named."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.commitments import credit_notes
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/supervise", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/credit-notes", response_class=Response)
async def notes(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    found = await credit_notes.page(context, by, query.limit, query.after)
    return render(request, "commitments/page_credit_notes.html", {"found": found})
