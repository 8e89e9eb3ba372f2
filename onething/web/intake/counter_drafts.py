"""A draft of the counter's own, deleted by who began it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.kernel.state import CaseStatus
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.security.policy import Act
from onething.services.cases import search as cases_search
from onething.services.intake import drafts
from onething.web.core.routes import SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/counter/drafts", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/{case_no}/delete", response_class=Response)
async def ask(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    if view.status != CaseStatus.DRAFT:  # it was submitted: there is nothing to delete
        return see_other(f"/counter/cases/{case_no}")
    may_delete = any(one.act == Act.DELETE_DRAFT and one.allowed for one in view.available_actions or ())
    return render(request, "intake/page_counter_delete.html", {"case": view, "may_delete": may_delete})


@router.post("/{case_no}/delete", response_class=Response)
async def delete(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    await drafts.delete(context, by, case_no)
    return see_other("/counter")
