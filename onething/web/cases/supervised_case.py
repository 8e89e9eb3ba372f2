"""督办看一个办件: how it stands, who holds it, its clocks day by day, nothing of the person; and what may be done."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.cases import search as cases_search
from onething.services.cases import timeline
from onething.services.core.context import AppContext
from onething.services.deadlines import clocks
from onething.web.core.forms import Form
from onething.web.core.problems import Mistakes
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/supervise/cases", route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 200


@router.get("/{case_no}", response_class=Response)
async def case(case_no: CaseNoPath, request: Request, context: InContext, by: By) -> Response:
    return await supervised_page(request, context, by, case_no)


async def supervised_page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    *,
    mistakes: Mistakes | None = None,
    sent: Form | None = None,
    act: str = "",
) -> Response:
    """As it stands now; after `act` was refused with what was `sent`."""
    view, _ = await cases_search.show(context, by, case_no)
    values = {
        "case": view,
        "acts": {one.act: one for one in view.available_actions or ()},
        "clocks": await clocks.clocks(context, by, case_no, _MOST, None),
        "timeline": await timeline.timeline(context, by, case_no, _MOST, 0),
        "department": context.department,
        "mistakes": mistakes,
        "sent": sent or Form(),
        "refused_act": act,
    }
    return render(request, "cases/page_supervised_case.html", values, status=mistakes.status if mistakes else 200)
