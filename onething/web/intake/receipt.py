"""收件回执: what the applicant takes home, on A5 or on the 80 mm of a slip printer."""

from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import QueryModel
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.web.core.routes import SignedInPageRoute, see_other
from onething.web.core.templating import Pages, render
from onething.web.followup.visit_pages import PrintedCode, printed
from onething.web.intake import query_codes

router = APIRouter(prefix="/counter/receipt", route_class=SignedInPageRoute, include_in_schema=False)


class ReceiptQuery(QueryModel):
    paper: Literal["a5", "slip"] = "a5"


@router.get("/{case_no}", response_class=Response)
async def receipt(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[ReceiptQuery, Query()]
) -> Response:
    """The code in it brings the number alone; the query code is printed beside it, while this browser knows it."""
    view, _ = await cases_search.show(context, by, case_no)
    if view.status == CaseStatus.DRAFT:
        return see_other(f"/counter/new/{view.bundle.partition('@')[0]}?draft={case_no}")
    pages: Pages = request.app.state.pages
    address = f"{pages.public_url}/progress?number={case_no}"
    values = {
        "case": view,
        "paper": query.paper,
        "query_code": query_codes.known(request, context, by, case_no),
        "address": address,
        "qr": segno.make(address, micro=False).svg_inline(omitsize=True, border=2, title="查进度的网址", svgclass="qr"),
        "visit": await _visit(request, context, by, case_no),
        "accepts": next((one for one in view.available_actions or () if one.act == "accept"), None),
    }
    return render(request, "intake/page_receipt.html", values)


async def _visit(request: Request, context: AppContext, by: Principal, case_no: CaseNo) -> PrintedCode | None:
    """The code for whoever is here, of who served them."""
    try:
        return await printed(request, context, by, case_no)
    except OneThingError as none:
        if none.code is not FailureCode.NOT_FOUND:
            raise
        return None
