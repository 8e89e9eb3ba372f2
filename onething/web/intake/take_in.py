"""窗口收件: one page, by the keyboard. It is a draft of the clerk's from the first saving on; nothing of it is lost."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.form_fields import AskedField
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import BundleCodePath, By, InContext
from onething.edge.query import QueryModel
from onething.services import bundles, duplicates, outlets
from onething.services.bundles import BundleView, PlanSoFar
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.duplicates import Duplicates
from onething.services.intake import drafts
from onething.web.cases.scan import read_scan
from onething.web.core.forms import KEY_FIELD, Form
from onething.web.core.problems import FieldMistake, Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import query_codes
from onething.web.intake.take_in_acts import (
    Saved,
    accept_submitted,
    has_looked_at,
    said_of,
    save,
    saved_in,
    submit_saved,
)
from onething.web.intake.take_in_form import FIELDS, QUESTIONS, TakeIn

router = APIRouter(prefix="/counter/new", route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "intake/page_take_in.html"
_MOST = 200
_PUT_ASIDE = "_put_aside"
_KEY = re.compile(r"[0-9a-f-]{32,36}")
_PATH = "/counter"
_DUPLICATES = "/duplicates"
_PLACES = {"/seen": "/seen/0/document", "/seen/0/chip_number": "/seen/0/document"}
"""Where a mistake about a part as a whole, or about what nobody sees, is put right."""


class TakeInQuery(QueryModel):
    draft: CaseNo | None = Field(None)


@router.get("", response_class=Response)
async def offer(request: Request, context: InContext) -> Response:
    return render(request, "intake/page_offer.html", {"offered": bundles.page(context, _MOST, None).items})


@router.get("/{code}", response_class=Response)
async def take_in(
    code: BundleCodePath, request: Request, context: InContext, by: By, query: Annotated[TakeInQuery, Query()]
) -> Response:
    bundle = bundles.show(context, code, by.region)
    if query.draft is None:
        return await _page(request, context, by, bundle, TakeIn())
    view, _ = await cases_search.show(context, by, query.draft)
    if view.status != CaseStatus.DRAFT:
        return see_other(f"{_PATH}/cases/{view.case_no}")
    if view.bundle.partition("@")[0] != bundle.code:
        return see_other(_at(view.bundle.partition("@")[0], query.draft))
    return await _page(request, context, by, bundle, TakeIn.of_draft(view), saved=Saved(query.draft, view.version))


@router.post("/{code}", response_class=Response)
async def put(code: BundleCodePath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """Saves; and, as the button says, submits and accepts. Each by a key of its own: pressed twice, once done."""
    bundle = bundles.show(context, code, by.region)
    so_far = await bundles.plan_so_far(context, bundle.ref, TakeIn.of_browser(bundle, sent).answers)
    typed = replace(TakeIn.of_browser(bundle, sent), answers=dict(so_far.answers))
    saved = saved_in(sent)
    act = sent.value("_do")
    try:
        made = await save(request, context, by, bundle, typed, sent, saved)
        saved = made.saved
        if act in ("submit", "accept"):
            await _require_not_twice(context, by, saved.case_no, sent)
            await submit_saved(request, context, by, sent, saved.case_no, bundle, typed)
    except (OneThingError, RequestValidationError) as refused:
        if saved is not None and act and _is_submitted(refused):
            return see_other(f"{_PATH}/receipt/{saved.case_no}")
        return await _refused(request, context, by, bundle, typed, sent, saved, refused)
    if act == "accept":
        await accept_submitted(context, by, sent, saved.case_no, typed)
    answer = (
        see_other(f"{_PATH}/receipt/{saved.case_no}{_arrived(sent)}")
        if act
        else await _kept(request, context, by, bundle, so_far, typed, sent, saved)
    )
    code_told = made.query_code or query_codes.known(request, context, by, saved.case_no)
    if code_told is not None:
        query_codes.keep(request, answer, context, by, saved.case_no, code_told, _PATH)
    return answer


async def _require_not_twice(context: AppContext, by: Principal, case_no: CaseNo, sent: Form) -> None:
    """It warns: the clerk who has looked says so, and goes on. Raises InvalidInput while they have not, with all else
    that is wrong."""
    found = await duplicates.of_draft(context, by, case_no)
    if found and not has_looked_at(found, sent):
        others = [] if sent.has("_incomplete") else await drafts.problems(context, by, case_no)
        detail = "可能重复：请先核对列出的办件；确实不是同一件的，请勾选“核对过了，不是同一件”后再收件。"
        raise InvalidInput([*others, FieldProblem(_DUPLICATES, FailureCode.MISSING_VALUE, detail)])


async def _possible_duplicates(context: AppContext, by: Principal, saved: Saved | None) -> Duplicates:
    """None of a draft that was deleted elsewhere meanwhile: what was typed stands on the page all the same."""
    try:
        return await duplicates.of_draft(context, by, saved.case_no) if saved else Duplicates()
    except OneThingError:
        return Duplicates()


def _is_submitted(refused: OneThingError | RequestValidationError) -> bool:
    """Pressed twice, or gone back to: it was submitted by the press before."""
    return isinstance(refused, NotAllowed) and refused.code is FailureCode.NOT_ALLOWED_NOW


async def _refused(
    request: Request,
    context: AppContext,
    by: Principal,
    bundle: BundleView,
    typed: TakeIn,
    sent: Form,
    saved: Saved | None,
    refused: OneThingError | RequestValidationError,
) -> Response:
    """The page again, with all that was typed; and beside it what another window has saved meanwhile."""
    mistakes = _placed(mistakes_of(refused))
    scanned = read_scan(typed.applicant.get("id_number", ""))
    if scanned is not None and scanned.case_no is not None:
        told = FieldMistake("/applicant/id_number", "这是办件编号，不是证件号码。")
        mistakes = replace(mistakes, fields=(told, *mistakes.fields))
    elsewhere: TakeIn | None = None
    if mistakes.code is FailureCode.STALE_VERSION and saved is not None:
        view, _ = await cases_search.show(context, by, saved.case_no)
        elsewhere, saved = TakeIn.of_draft(view), Saved(saved.case_no, view.version)
    return await _page(
        request,
        context,
        by,
        bundle,
        typed,
        saved=saved,
        mistakes=mistakes,
        elsewhere=elsewhere,
        refused_key=sent.value(KEY_FIELD),
        sent=sent,
    )


def _placed(mistakes: Mistakes) -> Mistakes:
    def at(pointer: str) -> str:
        if pointer.startswith(("/materials", "/commitments")):
            return "/materials"
        return _PLACES.get(pointer, pointer)

    return replace(mistakes, fields=tuple(replace(one, pointer=at(one.pointer)) for one in mistakes.fields))


async def _kept(
    request: Request,
    context: AppContext,
    by: Principal,
    bundle: BundleView,
    so_far: PlanSoFar,
    typed: TakeIn,
    sent: Form,
    saved: Saved,
) -> Response:
    """To a browser that saves by itself, that it is kept; and all the parts anew, where other ones apply now."""
    path = _at(bundle.code, saved.case_no)
    if "hx-request" not in request.headers:
        return see_other(f"{path}{_arrived(sent)}")
    shown = [one.id for one in _fields(bundle, so_far, typed)]
    same = sent.value(QUESTIONS).split() == [one.id for one in so_far.questions] and sent.value(FIELDS).split() == shown
    answer = await _page(
        request, context, by, bundle, typed, saved=saved, sent=sent, block="saved" if same else "parts"
    )
    answer.headers["HX-Replace-Url"] = path
    if not same:
        answer.headers["HX-Retarget"] = "#parts"
    return answer


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    bundle: BundleView,
    typed: TakeIn,
    *,
    saved: Saved | None = None,
    mistakes: Mistakes | None = None,
    elsewhere: TakeIn | None = None,
    refused_key: str = "",
    sent: Form | None = None,
    block: str = "saved",
) -> Response:
    so_far = await bundles.plan_so_far(context, bundle.ref, typed.answers)
    found = await _possible_duplicates(context, by, saved)
    sections: dict[str, list[object]] = {}
    fields = _fields(bundle, so_far, typed)
    for one in fields:
        sections.setdefault(one.section, []).append(one)
    values = {
        "bundle": bundle,
        "so_far": so_far,
        "plan": so_far.plan,
        "sections": sections,
        "shown": [one.id for one in fields],
        "typed": typed,
        "saved": saved,
        "saved_at": context.clock.now(),
        "mistakes": mistakes,
        "elsewhere": elsewhere,
        "duplicates": found,
        "duplicates_said": said_of(found),
        "duplicates_known": sent is not None and has_looked_at(found, sent),
        "refused_key": refused_key,
        "outlets": [outlets.named(context, one) for one in (by.outlets.own if by.outlets else ())],
        "case_scanned": read_scan(typed.applicant.get("id_number", "")),
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes else 200, blocks={"saved": block})


def _fields(bundle: BundleView, so_far: PlanSoFar, typed: TakeIn) -> Sequence[AskedField]:
    """Those that apply. While it is not known which do, those that somebody has filled in: a draft that was handed over
    is not taken for an empty one."""
    if so_far.plan is not None:
        return so_far.plan.form
    return [one for one in bundle.form if one.id in typed.form]


def _arrived(sent: Form) -> str:
    """Tells the script, which had put the form aside under its key before it was sent, that it need not keep it."""
    return f"#arrived-{sent.key}" if sent.has(_PUT_ASIDE) and _KEY.fullmatch(sent.key) else ""


def _at(code: str, case_no: CaseNo) -> str:
    return f"{_PATH}/new/{code}?draft={case_no}"
