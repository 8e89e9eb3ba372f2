"""来前请窗口看一眼, for who goes on with a draft: one page, that asks, waits, or says what to bring, when and where."""

import segno
from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services import outlets
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.prechecks import ask, read
from onething.services.prechecks.schemas import NO_EFFECT, PrecheckRequest, PrecheckView
from onething.web.core.forms import as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import Pages, render

router = APIRouter(prefix="/my/drafts/{case_no}/precheck", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no)


@router.post("", response_class=Response)
async def ask_for_it(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await ask.ask(context, by, sent.key, case_no, as_request(PrecheckRequest, sent.tree()))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, case_no, mistakes_of(refused), sent.value("/outlet"))
    return see_other(f"/my/drafts/{case_no}/precheck")


@router.post("/take-back", response_class=Response)
async def take_back(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    await ask.take_back(context, by, case_no)
    return see_other(f"/my/drafts/{case_no}/precheck")


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    mistakes: Mistakes | None = None,
    outlet: str = "",
) -> Response:
    draft, _ = await cases_search.show(context, by, case_no)
    if draft.status != CaseStatus.DRAFT:
        return see_other(f"/my/cases/{case_no}")
    precheck = await own_precheck(context, by, case_no)
    values = {
        "draft": draft,
        "precheck": precheck,
        "effect": NO_EFFECT,
        "outlets": outlets.in_region(context, draft.region, draft.bundle),
        "outlet": outlet,
        "qr": _code(request, precheck),
        "now": context.clock.now(),
        "mistakes": mistakes,
    }
    return render(request, "prechecks/page_precheck.html", values, status=mistakes.status if mistakes else 200)


async def own_precheck(context: AppContext, by: Principal, case_no: CaseNo) -> PrecheckView | None:
    """None where none was asked for."""
    try:
        return await read.own(context, by, case_no)
    except OneThingError as none:
        if none.code is not FailureCode.NOT_FOUND:
            raise
        return None


def _code(request: Request, precheck: PrecheckView | None) -> str | None:
    """What the counter scans. The code stands behind the address, which is never sent or logged with it."""
    if precheck is None or precheck.code is None:
        return None
    pages: Pages = request.app.state.pages
    address = f"{pages.public_url}/my/drafts/{precheck.case_no}/precheck#{precheck.code}"
    return segno.make(address, micro=False).svg_inline(omitsize=True, border=2, title="到窗口出示的码", svgclass="qr")
