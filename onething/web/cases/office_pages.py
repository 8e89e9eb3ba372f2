"""办件, for departments."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.web.cases.office_case import OfficeCaseQuery, show_case
from onething.web.core.routes import SignedInPageRoute

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/work/cases/{case_no}", response_class=Response)
async def office_case(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[OfficeCaseQuery, Query()]
) -> Response:
    return await show_case(request, context, by, case_no, query)
