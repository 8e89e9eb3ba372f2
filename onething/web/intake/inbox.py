"""窗口的工作: what waits for the counter, a list each; and events of which a draft can be made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext
from onething.edge.limits import counting
from onething.edge.query import PageQuery
from onething.security.limits import Allowance
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import prefills
from onething.services.intake.schemas import PrefillRequest
from onething.services.prechecks import read as prechecks
from onething.services.summaries.case_summary import Opened
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import query_codes

router = APIRouter(prefix="/counter", route_class=SignedInPageRoute, include_in_schema=False)
PrefillPath = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]
_STATUS: Mapping[str, CaseStatus] = MappingProxyType(
    {
        "submitted": CaseStatus.SUBMITTED,
        "answered": CaseStatus.SUBMITTED,
        "correction": CaseStatus.CORRECTION,
        "drafts": CaseStatus.DRAFT,
    }
)


class InboxQuery(PageQuery):
    view: Literal["submitted", "answered", "correction", "drafts"] = "submitted"


@router.get("", response_class=Response)
async def inbox(request: Request, context: InContext, by: By, query: Annotated[InboxQuery, Query()]) -> Response:
    found = await cases_search.page(
        context,
        by,
        mine=query.view == "drafts",
        to_confirm=False,
        applicant_ended=False,
        statuses=(_STATUS[query.view],),
        bundle=None,
        outlet=None,
        limit=query.limit,
        after=query.after,
        corrections_answered=query.view == "answered",
        order="newest" if query.view == "drafts" else "waiting",
    )
    counts = await cases_search.inbox_counts(context, by)
    values = {
        "view": query.view,
        "found": found,
        "counts": counts,
        "prechecks": await prechecks.waiting(context, by),
        "now": context.clock.now(),
    }
    return render(request, "intake/page_inbox.html", values, blocks={"inbox": "inbox"})


@router.get("/prefills", response_class=Response)
async def waiting_prefills(
    request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]
) -> Response:
    found = await prefills.page(context, by, query.limit, query.after)
    return render(request, "intake/page_prefills.html", {"found": found})


@router.get("/prefills/{prefill}", response_class=Response)
async def prefill(prefill: PrefillPath, request: Request, context: InContext, by: By) -> Response:
    return await _prefill(request, context, by, prefill)


@router.post("/prefills/{prefill}", response_class=Response)
async def confirm(prefill: PrefillPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """A draft of this clerk's, which goes on as any."""
    tree = sent.tree()
    applicant = tree.get("applicant")
    wanted: dict[str, Any] = {}
    if applicant and applicant.get("id_number"):
        wanted["applicant"] = {"type": "person", "id_type": "resident_id", "name": "", **applicant}
    try:
        view = await prefills.show(context, by, prefill)
        with counting(request, Allowance.DRAFT) as counted:
            made = counted.of(
                await prefills.confirm(context, by, sent.key, prefill, as_request(PrefillRequest, wanted))
            )
    except (OneThingError, RequestValidationError) as refused:
        return await _prefill(request, context, by, prefill, sent, mistakes_of(refused))
    opened = Opened.model_validate_json(made.body)
    answer = see_other(f"/counter/new/{view.bundle.partition('@')[0]}?draft={opened.case_no}")
    query_codes.keep(request, answer, context, by, opened.case_no, opened.query_code, "/counter")
    return answer


async def _prefill(
    request: Request,
    context: AppContext,
    by: Principal,
    prefill: str,
    sent: Form | None = None,
    mistakes: Mistakes | None = None,
) -> Response:
    view = await prefills.show(context, by, prefill)
    values = {"prefill": view, "sent": sent or Form(), "mistakes": mistakes}
    return render(request, "intake/page_prefill.html", values, status=mistakes.status if mistakes else 200)
