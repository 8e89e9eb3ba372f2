"""送达方式, changed after acceptance; before it with what else is corrected. By who applied, and at the counter."""

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services import bundles
from onething.services.application.schemas import DeliveryChoice
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.documents import channel
from onething.web.core.audience import place_of
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake.fields import DELIVERY_NAMES

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_PATH = "/cases/{case_no}/delivery"


@router.get("/my" + _PATH, response_class=Response)
@router.get("/counter" + _PATH, response_class=Response)
async def form(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no)


@router.post("/my" + _PATH, response_class=Response)
@router.post("/counter" + _PATH, response_class=Response)
async def choose(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await channel.choose(context, by, sent.key, case_no, as_request(DeliveryChoice, sent.tree()))
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
    now = view.delivery or {}
    values = {
        "case": view,
        "place": place_of(request.url.path),
        "ways": [(one.value, DELIVERY_NAMES[one.value]) for one in bundles.show(context, view.bundle).delivery],
        "method": sent.value("/method") if sent else now.get("method") or "",
        "address": sent.value("/address") if sent else now.get("address") or "",
        "may": next((one for one in view.available_actions or () if one.act == "choose_delivery"), None),
        "mistakes": mistakes,
    }
    return render(request, "documents/page_channel.html", values, status=mistakes.status if mistakes else 200)
