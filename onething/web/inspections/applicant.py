"""联合查验, by who applied, and for them at the counter: a day is chosen, or what was found is reported as mended."""

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.inspections import planned_acts
from onething.services.inspections.planned_schemas import DayChoiceRequest, RectifiedRequest
from onething.web.cases.case_acts import subject_of
from onething.web.core.audience import place_of
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_PATH = "/cases/{case_no}/inspection"
_NONE = "none"


@router.get("/my" + _PATH, response_class=Response)
@router.get("/counter" + _PATH, response_class=Response)
async def form(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no)


@router.post("/my" + _PATH, response_class=Response)
@router.post("/counter" + _PATH, response_class=Response)
async def say(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    """A day, or what was mended: what the form asked for."""
    try:
        inspection = subject_of(sent, "subject")
        if sent.value("act") == "report_rectified":
            mended = as_request(RectifiedRequest, {"what": sent.value("/what")})
            await planned_acts.report_rectified(context, by, sent.key, case_no, inspection, mended)
        else:
            day = sent.value("/on")
            chosen = {"none_fits": True} if day == _NONE else {"on": day} if day else {}
            await planned_acts.choose(context, by, sent.key, case_no, inspection, as_request(DayChoiceRequest, chosen))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, case_no, sent, mistakes_of(refused))
    return see_other(f"{place_of(request.url.path)}/cases/{case_no}")


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    sent: Form | None = None,
    mistakes: Mistakes | None = None,
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    values = {
        "case": view,
        "place": place_of(request.url.path),
        "waiting": [one for one in view.inspections or () if one.state in {"offered", "rectifying"}][:1],
        "department": context.department,
        "said": sent,
        "mistakes": mistakes,
    }
    return render(request, "inspections/page_inspection.html", values, status=mistakes.status if mistakes else 200)
