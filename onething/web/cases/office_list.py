"""办件 of the region, or those in which one's department has items: whatever their status, the newest first."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.cases import search as cases_search
from onething.web.core.audience import place_of
from onething.web.core.routes import SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)
STATUSES = tuple(one for one in CaseStatus if one is not CaseStatus.DRAFT)


class OfficeListQuery(PageQuery):
    """`number`: of one case, to which it leads."""

    status: Annotated[CaseStatus | None, _BLANK_IS_NONE] = None
    bundle: Annotated[Code | None, _BLANK_IS_NONE] = None
    ended: bool = False
    number: str = Field("", max_length=40)


@router.get("/work/cases", response_class=Response)
@router.get("/supervise/cases", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[OfficeListQuery, Query()]) -> Response:
    """`ended`: those under way whose applicant is registered to be no more; what becomes of them people say."""
    place = f"{place_of(request.url.path)}/cases"
    values = {
        "query": query,
        "place": place,
        "statuses": STATUSES,
        "bundles": [(one.code, one.name) for one in context.catalog.latest.values()],
        "found": None,
        "wrong": None,
    }
    if number := "".join(query.number.split()):
        try:
            return see_other(f"{place}/{CaseNo.parse(number)}")
        except ValueError:
            wrong = "这不是办件编号，编号是 21 位数字。"
            return render(request, "cases/page_office_list.html", {**values, "wrong": wrong}, status=422)
    values["found"] = await cases_search.page(
        context,
        by,
        mine=False,
        to_confirm=False,
        applicant_ended=query.ended,
        statuses=(query.status,) if query.status else STATUSES,
        bundle=query.bundle,
        outlet=None,
        limit=query.limit,
        after=query.after,
    )
    return render(request, "cases/page_office_list.html", values)
