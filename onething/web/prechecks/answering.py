"""窗口看一眼: what waits, one draft with its photos, the answer; and the draft, when its person has come."""

import base64
import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.edge.query import PageQuery, QueryModel
from onething.services import bundles, outlets
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.prechecks import answers, handover, papers, read
from onething.services.prechecks.schemas import (
    DraftTakenOver,
    PrecheckAnswerRequest,
    PrecheckDraftView,
    TakeOverRequest,
)
from onething.web.core.definition_fields import answer_words
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.materials.office_files import file_response

router = APIRouter(prefix="/counter/prechecks", route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "prechecks/page_answer.html"
_OF_MATERIAL = re.compile(r"/materials/([0-9]+)/(.+)")


class PhotoQuery(QueryModel):
    page: int = Field(1, ge=1, le=10_000)


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    found = await read.page(context, by, query.limit, query.after)
    counts = await cases_search.inbox_counts(context, by)
    values = {"found": found, "counts": counts, "now": context.clock.now()}
    return render(request, "prechecks/page_prechecks.html", values)


@router.get("/{case_no}", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no)


@router.get("/{case_no}/materials/{code}", response_class=Response)
async def photo(
    request: Request,
    case_no: CaseNoPath,
    code: MaterialCode,
    context: InContext,
    by: By,
    query: Annotated[PhotoQuery, Query()],
) -> Response:
    """One page. The picture comes with it: to look at a page is one look, and one line of the access log."""
    file, picture = await papers.page(context, by, case_no, code, query.page)
    values = {
        "case_no": case_no,
        "code": code,
        "name": file.material,
        "picture": base64.b64encode(picture.content).decode(),
        "number": query.page,
        "count": picture.pages,
    }
    return render(request, "prechecks/page_photo.html", values, blocks={"viewer": "viewer"})


@router.get("/{case_no}/materials/{code}/file", response_class=Response)
async def file(case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    return file_response(await papers.fetch(context, by, case_no, code))


@router.post("/{case_no}", response_class=Response)
async def answer(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    """Of materials those that were ticked; which were not, the service says."""
    tree: dict[str, Any] = {"materials": [], **sent.tree()}
    shown = tree["materials"] if isinstance(tree["materials"], list) else []
    ticked = [number for number, one in enumerate(shown) if isinstance(one, dict) and one.get("verdict")]
    wanted = tree | {"materials": [shown[number] for number in ticked]}
    try:
        await answers.answer_precheck(context, by, sent.key, case_no, as_request(PrecheckAnswerRequest, wanted))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, case_no, sent, _placed(mistakes_of(refused), ticked))
    return see_other(f"/counter/prechecks/{case_no}")


@router.post("/{case_no}/take-over", response_class=Response)
async def take_over(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    """The draft, filled, on the page by which it is taken in."""
    try:
        return see_other(await opened_draft(context, by, sent, case_no, sent.value("/code")))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, case_no, sent, mistakes_of(refused))


async def opened_draft(context: AppContext, by: Principal, sent: Form, case_no: CaseNo, code: str) -> str:
    """Where the clerk goes on with it. Raises as `handover.take_over`, and RequestValidationError."""
    outlet = sent.value("/outlet")
    request = as_request(TakeOverRequest, {"code": code, **({"outlet": outlet} if outlet else {})})
    taken = await handover.take_over(context, by, sent.key, case_no, request)
    draft = DraftTakenOver.model_validate_json(taken.body)
    return f"/counter/new/{draft.bundle}?draft={draft.case_no}"


def _placed(mistakes: Mistakes, ticked: list[int]) -> Mistakes:
    """At the inputs of the page: `ticked` are the numbers there of the materials that were sent on."""

    def at(pointer: str) -> str:
        found = _OF_MATERIAL.fullmatch(pointer)
        if found is None or int(found[1]) >= len(ticked):
            return pointer
        return f"/materials/{ticked[int(found[1])]}/{'what' if found[2] == 'what' else 'verdict'}"

    return replace(mistakes, fields=tuple(replace(one, pointer=at(one.pointer)) for one in mistakes.fields))


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    sent: Form | None = None,
    mistakes: Mistakes | None = None,
) -> Response:
    view = await read.show(context, by, case_no)
    values = {
        "precheck": view,
        "answers": _answers(context, view),
        "own_outlets": [outlets.place(context, one) for one in (by.outlets.own if by.outlets else ())],
        "today": context.today(),
        "sent": sent or Form(),
        "mistakes": mistakes,
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes else 200)


def _answers(context: AppContext, view: PrecheckDraftView) -> list[tuple[str, str]]:
    """What was answered to situations, in words."""
    questions = bundles.show(context, view.bundle, view.region).questions
    return [(one.question, answer_words(one, view.answers[one.id])) for one in questions if one.id in view.answers]
