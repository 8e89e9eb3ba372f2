"""填写: what an application is made of, how far each part is, and doing away with it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import NotAllowed
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.available.actions import AvailableAction
from onething.services.cases.schemas import CaseView
from onething.services.intake import drafts
from onething.web.core.routes import SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake.contents import read_draft
from onething.web.materials.views import material_rows
from onething.web.prechecks.pages import own_precheck

router = APIRouter(prefix="/my/drafts", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/{case_no}", response_class=Response)
async def task_list(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    try:
        draft = await read_draft(context, by, case_no)
    except NotAllowed:  # it was submitted: Back leads to what has become of it
        return see_other(f"/my/cases/{case_no}")
    sections = [(one, *draft.state_of(one)) for one in draft.sections]
    may_ask = action(draft.view, "ask_precheck")
    values = {
        "draft": draft,
        "sections": sections,
        "materials": material_rows(draft),
        "may_delete": action(draft.view, "delete_draft"),
        "may_ask": may_ask,
        "precheck": await own_precheck(context, by, case_no) if may_ask else None,
    }
    return render(request, "intake/page_draft.html", values)


@router.get("/{case_no}/delete", response_class=Response)
async def ask(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return render(request, "intake/page_delete.html", {"draft": await read_draft(context, by, case_no)})


@router.post("/{case_no}/delete", response_class=Response)
async def delete(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    await drafts.delete(context, by, case_no)
    return see_other("/my")


def action(view: CaseView, act: str) -> AvailableAction | None:
    """Of those that the reader's role may do at all; None of any other."""
    return next((one for one in view.available_actions or () if one.act == act), None)
