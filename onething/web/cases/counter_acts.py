"""One path per act of a counter on a case that needs few words, as `case_acts.py` has it for departments. What takes
more has a page of its own: 受理, 补正告知, 收件, 送达."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.application.base import RequestModel
from onething.services.cases import search
from onething.services.core.context import AppContext
from onething.web.cases.case_acts import subject_of
from onething.web.cases.counter_case import COUNTER_ACTS, counter_address
from onething.web.cases.office_case import OfficeCaseQuery
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.tasks.act_pages import Perform
from onething.web.tasks.acts import ActWords


def counter_router() -> APIRouter:
    return APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


def counter_act(
    router: APIRouter, act: str, perform: Perform, model: type[RequestModel] | None = None, *, about: str = ""
) -> None:
    """As `case_act`."""
    words = COUNTER_ACTS[act]
    path = f"/counter/cases/{{case_no}}/{words.path}"

    @router.get(path, response_class=Response)
    async def form(case_no: CaseNoPath, request: Request, context: InContext, by: By) -> Response:
        return await _page(request, context, by, case_no, words, Form())

    @router.post(path, response_class=Response)
    async def record(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
        try:
            subject = (subject_of(sent, about),) if about else ()
            said = () if model is None else (as_request(model, sent.tree()),)
            await perform(context, by, sent.key, case_no, *subject, *said)
        except (OneThingError, RequestValidationError) as refused:
            return await _page(request, context, by, case_no, words, sent, mistakes_of(refused))
        return see_other(counter_address(case_no, done=words.path))


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    words: ActWords,
    sent: Form,
    mistakes: Mistakes | None = None,
) -> Response:
    view, _ = await search.show(context, by, case_no)
    told: Mapping[str, object] = {one.act: one for one in view.available_actions or ()}
    values = {
        "case": view,
        "words": words,
        "action": told.get(words.act),
        "said": sent,
        "query": OfficeCaseQuery(),
        "mistakes": mistakes,
    }
    return render(request, "cases/page_counter_act.html", values, status=mistakes.status if mistakes else 200)
