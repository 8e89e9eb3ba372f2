"""撤回: what becomes of what has been granted and of what is still being handled, told before it is done."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.items import UndoHow
from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services import bundles
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import withdraw
from onething.web.core.audience import place_of
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_PATH = "/cases/{case_no}/withdraw"
_WHAT_COMES = {
    UndoHow.STANDS: "已经办成，撤回后仍然有效",
    UndoHow.RELEASE: "只是预留的，会退回",
    UndoHow.ON_APPLICATION: "已经办成，撤回后仍然有效；不要的，可以另行申请注销",
    UndoHow.BY_LAW: "依法随本件一并失效",
}


@router.get("/my" + _PATH, response_class=Response)
@router.get("/counter" + _PATH, response_class=Response)
async def ask(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no)


@router.post("/my" + _PATH, response_class=Response)
@router.post("/counter" + _PATH, response_class=Response)
async def act(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await withdraw.withdraw(context, by, sent.key, case_no)
    except OneThingError as refused:
        return await _page(request, context, by, case_no, mistakes_of(refused))
    return see_other(f"{place_of(request.url.path)}/cases/{case_no}")


async def _page(
    request: Request, context: AppContext, by: Principal, case_no: CaseNo, mistakes: Mistakes | None = None
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    undo = {one.code: one.undo for one in bundles.show(context, view.bundle).items}
    granted = [
        (one.name, _WHAT_COMES[undo[one.code].how], undo[one.code].what)
        for one in view.items
        if one.state == "approved"
    ]
    stopped = [
        one.name for one in view.items if one.state in ("waiting", "gathering", "open", "suspended", "correction")
    ]
    values = {
        "case": view,
        "granted": granted,
        "stopped": stopped,
        "mistakes": mistakes,
        "place": place_of(request.url.path),
    }
    return render(request, "intake/page_withdraw.html", values, status=mistakes.status if mistakes else 200)
