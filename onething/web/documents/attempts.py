"""送达 at the counter: which letters nobody knows of yet, one of them, and what was done to get it to the applicant."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.calendar.days import LOCAL
from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, LetterNo
from onething.edge.query import PageQuery
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.documents import attempts, delivery
from onething.services.documents.schemas import AttemptRequest
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/counter", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/delivery", response_class=Response)
async def unread(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    found = await attempts.unread(context, by, query.limit, query.after)
    return render(request, "documents/page_delivery.html", {"found": found})


@router.get("/cases/{case_no}/letters/{letter}.pdf", response_class=Response)
async def pdf(case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    """For the printer."""
    made = await delivery.pdf(context, by, case_no, letter)
    headers = {"Content-Disposition": f'attachment; filename="{case_no}-{letter}.pdf"', "Cache-Control": "no-store"}
    return Response(made, headers=headers, media_type="application/pdf")


@router.get("/cases/{case_no}/letters/{letter}", response_class=Response)
async def letter(case_no: CaseNoPath, letter: LetterNo, request: Request, context: InContext, by: By) -> Response:
    return await _letter(request, context, by, case_no, letter)


@router.post("/cases/{case_no}/letters/{letter}", response_class=Response)
async def record(
    case_no: CaseNoPath, letter: LetterNo, request: Request, context: InContext, by: By, sent: Sent
) -> Response:
    """The way and its outcome are one choice: each way has its own outcomes."""
    channel, _, outcome = sent.value("_done").partition(" ")
    wanted = {**sent.tree(), "channel": channel, "outcome": outcome}
    if "at" in wanted:
        wanted["at"] = _moment(str(wanted["at"]))
    try:
        await attempts.record(context, by, sent.key, case_no, letter, as_request(AttemptRequest, wanted))
    except (OneThingError, RequestValidationError) as refused:
        return await _letter(request, context, by, case_no, letter, sent, mistakes_of(refused))
    return see_other(f"/counter/cases/{case_no}/letters/{letter}")


def _moment(text: str) -> str:
    """As browsers have it, without a zone: here there is one."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL).isoformat()
    except ValueError:
        return text


async def _letter(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    letter: int,
    sent: Form | None = None,
    mistakes: Mistakes | None = None,
) -> Response:
    view = await delivery.show(context, by, case_no, letter)
    case, _ = await cases_search.show(context, by, case_no)
    may = next((one for one in case.available_actions or () if one.act == "record_delivery"), None)
    values = {"letter": view, "case": case, "may": may, "sent": sent or Form(), "mistakes": mistakes}
    return render(request, "documents/page_counter_letter.html", values, status=mistakes.status if mistakes else 200)
