"""我的办件: what needs the person first; and one case, with who holds it, what comes next, by when, and why then."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import LongPageQuery, QueryModel
from onething.services.cases import search as cases_search
from onething.services.cases import timeline
from onething.services.cases.schemas import CasePage
from onething.services.core.context import AppContext
from onething.services.deadlines import clocks
from onething.services.documents import list as documents_list
from onething.services.identity import personal_notices
from onething.services.intake import prefills
from onething.web.cases import views
from onething.web.core.routes import SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/my", route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 200
_DONE = {
    "urge": "催办已经送到承办部门，答复会写在这一页",
    "rate": "谢谢您的评价",
}


class CaseQuery(QueryModel):
    """`done`: the act that was just recorded."""

    done: str = Field("", max_length=40)


@router.get("", response_class=Response)
async def mine(request: Request, context: InContext, by: By, query: Annotated[LongPageQuery, Query()]) -> Response:
    found = await _listed(context, by, query.limit, query.after)
    to_confirm = await _listed(context, by, _MOST, None, to_confirm=True)
    waiting = await prefills.page(context, by, _MOST, None) if by.role == "citizen" else None
    values = {
        "groups": views.grouped(found.items),
        "next": found.next,
        "to_confirm": to_confirm.items,
        "prefills": waiting.items if waiting else [],
        "notices": (await personal_notices.everything(context, by)).items,
    }
    return render(request, "cases/page_mine.html", values)


@router.get("/cases/{case_no}", response_class=Response)
async def case_page(
    request: Request, case_no: CaseNoPath, context: InContext, by: By, query: Annotated[CaseQuery, Query()]
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    if view.status == CaseStatus.DRAFT:
        return see_other(f"/my/drafts/{case_no}")
    told = await clocks.clocks(context, by, case_no, _MOST, None)
    papers = await documents_list.documents(context, by, case_no, _MOST, None)
    lines = await timeline.timeline(context, by, case_no, _MOST, 0)
    values = {
        "case": view,
        "done": _DONE.get(query.done),
        "sentence": views.sentence(context, view),
        "department": context.department,
        "acts": {one.act: one for one in view.available_actions or ()},
        "clocks": views.ticking(told.items),
        "own_time": list(views.until(told.items)),
        "forecast": told.forecast,
        "documents": papers,
        "lines": lines.items[::-1],
    }
    return render(request, "cases/page_case.html", values, blocks={"case": "case"})


async def _listed(
    context: AppContext, by: Principal, limit: int, after: str | None, *, to_confirm: bool = False
) -> CasePage:
    return await cases_search.page(
        context,
        by,
        mine=True,
        to_confirm=to_confirm,
        applicant_ended=False,
        statuses=(),
        bundle=None,
        outlet=None,
        limit=limit,
        after=after,
    )
