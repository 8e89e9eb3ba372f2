"""查进度: for anybody who has the number of a case and its query code; nobody has to sign in.

The code stands in no address and no log: it is posted, and kept sealed in a cookie of these pages alone.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import CaseNoPath, InContext
from onething.edge.origin import of_request
from onething.edge.query import QueryModel
from onething.security.addresses import counted_as
from onething.security.sealing import SealBroken
from onething.services.cases import progress
from onething.services.core.context import AppContext
from onething.web.core import cookies
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import PageRoute, Sent, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/progress", route_class=PageRoute, include_in_schema=False)
_PLACE = "progress"  # where a sealed code belongs, before the case's number


class ProgressFormQuery(QueryModel):
    number: str = Field("", max_length=40)  # as a code on a receipt brings it


@router.get("", response_class=Response)
async def form(request: Request, query: Annotated[ProgressFormQuery, Query()]) -> Response:
    return _form(request, query.number)


@router.post("", response_class=Response)
async def find(request: Request, context: InContext, sent: Sent) -> Response:
    number, code = "".join(sent.value("number").split()), sent.value("code").strip()
    try:
        await _progress(request, context, number, code)
    except OneThingError as wrong:
        return _form(request, number, mistakes_of(wrong))
    answer = see_other(f"/progress/{number}")
    cookies.keep_progress(request, answer, context.sealer.seal(code.encode(), context=f"{_PLACE}/{number}").hex())
    return answer


@router.get("/{case_no}", response_class=Response)
async def view(case_no: CaseNoPath, request: Request, context: InContext) -> Response:
    """Asked anew for the code where this browser has shown none for this case."""
    try:
        sealed = bytes.fromhex(cookies.progress_code(request))
        code = context.sealer.open(sealed, context=f"{_PLACE}/{case_no}").decode()
        found = await _progress(request, context, case_no, code)
    except (ValueError, SealBroken):
        return _form(request, case_no)
    except OneThingError as wrong:
        return _form(request, case_no, mistakes_of(wrong))
    return render(request, "cases/page_progress.html", {"case": found}, blocks={"progress": "progress"})


async def _progress(request: Request, context: AppContext, number: str, code: str) -> progress.ProgressResponse:
    return await progress.progress(context, number, code, counted_as(of_request(request).address))


def _form(request: Request, number: str, mistakes: Mistakes | None = None) -> Response:
    values = {"number": number, "mistakes": mistakes}
    return render(request, "cases/page_progress_form.html", values, status=mistakes.status if mistakes else 200)
