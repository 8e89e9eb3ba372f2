"""现场一次一评: rating by the code of a receipt, for anybody; the code to print, for who served them; and the follow-up
of a bad rating, for supervisors.

The code stands in no address and no log: the one on the receipt brings it behind the #, which browsers keep to
themselves, and it is posted.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.origin import of_request
from onething.edge.query import QueryModel
from onething.security.addresses import counted_as
from onething.services.core.context import AppContext
from onething.services.followup import visits
from onething.services.followup.schemas import RatingFollowUpRequest, VisitRatingRequest
from onething.services.followup.visits import VisitCode
from onething.services.summaries.responses import StoredResponse
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import PageRoute, Sent, SignedInPageRoute, see_other
from onething.web.core.templating import Pages, render
from onething.web.followup import grades

anybody = APIRouter(prefix="/rate", route_class=PageRoute, include_in_schema=False)
counter = APIRouter(prefix="/counter/visits", route_class=SignedInPageRoute, include_in_schema=False)
office = APIRouter(prefix="/work/visits", route_class=SignedInPageRoute, include_in_schema=False)
supervision = APIRouter(prefix="/supervise/visits", route_class=SignedInPageRoute, include_in_schema=False)
_Visit = Annotated[int, Path(ge=1, le=2**53)]
_GROUP = 4


class PaperQuery(QueryModel):
    paper: Literal["a5", "slip"] = "slip"


@dataclass(frozen=True)
class PrintedCode:
    """`shown`: in groups, to be typed; `qr`: the same with the address."""

    code: VisitCode
    address: str
    shown: str
    qr: str


async def printed(request: Request, context: AppContext, by: Principal, case_no: str) -> PrintedCode:
    """Raises as `visits.code`."""
    found = await visits.code(context, by, case_no)
    pages: Pages = request.app.state.pages
    address = f"{pages.public_url}/rate"
    groups = (found.code[at : at + _GROUP] for at in range(0, len(found.code), _GROUP))
    qr = segno.make(f"{address}#{found.code}", micro=False)
    return PrintedCode(
        found,
        address,
        " ".join(groups),
        qr.svg_inline(omitsize=True, border=2, title="评价这次办理的网址", svgclass="qr"),
    )


@anybody.get("", response_class=Response)
async def form(request: Request) -> Response:
    return _form(request, Form())


@anybody.post("", response_class=Response)
async def rate(request: Request, context: InContext, sent: Sent) -> Response:
    try:
        said = as_request(VisitRatingRequest, {**grades.given(sent), "code": sent.value("/code").strip()})
        await visits.rate(context, said, counted_as(of_request(request).address))
    except (OneThingError, RequestValidationError) as refused:
        return _form(request, sent, mistakes_of(refused))
    return see_other("/rate/done")


@anybody.get("/done", response_class=Response)
async def done(request: Request) -> Response:
    return render(request, "followup/page_visit_rated.html", {})


def _form(request: Request, sent: Form, mistakes: Mistakes | None = None) -> Response:
    values = {"code": sent.value("/code"), **grades.fields(sent), "mistakes": mistakes}
    return render(request, "followup/page_rate_visit.html", values, status=mistakes.status if mistakes else 200)


@counter.get("/{case_no}", response_class=Response)
async def counter_code(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[PaperQuery, Query()]
) -> Response:
    return await _code(request, context, by, case_no, query, "/counter")


@office.get("/{case_no}", response_class=Response)
async def office_code(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[PaperQuery, Query()]
) -> Response:
    return await _code(request, context, by, case_no, query, "/work")


async def _code(
    request: Request, context: AppContext, by: Principal, case_no: CaseNo, query: PaperQuery, place: str
) -> Response:
    values = {"case_no": case_no, "paper": query.paper, "place": place}
    try:
        visit = await printed(request, context, by, case_no)
    except OneThingError as none:
        if none.code is not FailureCode.NOT_FOUND:
            raise
        values |= {"why": none.detail}
        return render(request, "followup/page_visit_code.html", {**values, "visit": None}, status=404)
    return render(request, "followup/page_visit_code.html", {**values, "visit": visit})


@supervision.get("/{visit}", response_class=Response)
async def rated(visit: _Visit, request: Request, context: InContext, by: By) -> Response:
    return await _rated(request, context, by, visit, "")


@supervision.post("/{visit}/contact", response_class=Response)
async def contact(visit: _Visit, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    return await _answer(visits.contact, visit, request, context, by, sent)


@supervision.post("/{visit}/rectify", response_class=Response)
async def rectify(visit: _Visit, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    return await _answer(visits.rectify, visit, request, context, by, sent)


async def _answer(
    act: Callable[..., Awaitable[StoredResponse]],
    visit: int,
    request: Request,
    context: AppContext,
    by: Principal,
    sent: Form,
) -> Response:
    try:
        await act(context, by, sent.key, visit, as_request(RatingFollowUpRequest, sent.tree()))
    except (OneThingError, RequestValidationError) as refused:
        return await _rated(request, context, by, visit, sent.value("/text"), mistakes_of(refused))
    return see_other(f"/supervise/visits/{visit}")


async def _rated(
    request: Request, context: AppContext, by: Principal, visit: int, text: str, mistakes: Mistakes | None = None
) -> Response:
    found = await visits.show(context, by, visit)
    values = {"visit": found, "words": grades.WORDS, "now": context.clock.now(), "text": text, "mistakes": mistakes}
    return render(request, "followup/page_visit.html", values, status=mistakes.status if mistakes else 200)
