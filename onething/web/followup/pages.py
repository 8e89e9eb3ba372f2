"""催办 and 评价 of a case, by who applied."""

from collections.abc import Mapping
from typing import Any

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
from onething.services.followup import ratings, urges
from onething.services.followup.schemas import RatingRequest, UrgeRequest
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.followup import grades

router = APIRouter(prefix="/my/cases/{case_no}", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/urge", response_class=Response)
async def urge_form(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _urge_page(request, context, by, case_no, "", "")


@router.post("/urge", response_class=Response)
async def urge(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    try:
        wanted = as_request(UrgeRequest, sent.tree())
        await urges.urge(context, by, sent.key, case_no, wanted)
    except (OneThingError, RequestValidationError) as refused:
        mistakes = mistakes_of(refused)
        return await _urge_page(request, context, by, case_no, sent.value("/item"), sent.value("/text"), mistakes)
    return see_other(f"/my/cases/{case_no}?done=urge")


@router.get("/rate", response_class=Response)
async def rate_form(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _rate_page(request, context, by, case_no, Form())


@router.post("/rate", response_class=Response)
async def rate(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await ratings.rate(context, by, sent.key, case_no, as_request(RatingRequest, _rating(sent)))
    except (OneThingError, RequestValidationError) as refused:
        return await _rate_page(request, context, by, case_no, sent, mistakes_of(refused))
    return see_other(f"/my/cases/{case_no}?done=rate")


def _rating(sent: Form) -> Mapping[str, Any]:
    comment = sent.value("/comment")
    return {**grades.given(sent), **({"comment": comment} if comment.strip() else {})}


async def _urge_page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    item: str,
    text: str,
    mistakes: Mistakes | None = None,
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    open_items = [
        (one.code, f"{one.name}（{context.department(one.department)}）") for one in view.items if one.state == "open"
    ]
    values = {"case": view, "items": open_items, "item": item, "text": text, "mistakes": mistakes}
    return render(request, "followup/page_urge.html", values, status=mistakes.status if mistakes else 200)


async def _rate_page(
    request: Request, context: AppContext, by: Principal, case_no: CaseNo, sent: Form, mistakes: Mistakes | None = None
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    values = {"case": view, **grades.fields(sent), "comment": sent.value("/comment"), "mistakes": mistakes}
    return render(request, "followup/page_rate.html", values, status=mistakes.status if mistakes else 200)
