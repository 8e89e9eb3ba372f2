"""窗口收件: one page, by the keyboard. It is a draft of the clerk's from the first saving on; nothing of it is lost."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import BundleCodePath, By, InContext
from onething.edge.limits import counting
from onething.edge.query import QueryModel
from onething.security.limits import Allowance
from onething.services import bundles, outlets
from onething.services.application.schemas import NewApplication
from onething.services.bundles import BundleView, PlanSoFar
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import accept, drafts, submit
from onething.services.intake.draft_content import ANY_VERSION, ReadVersions
from onething.services.intake.schemas import AcceptanceRequest, DraftChangeRequest, SubmissionRequest
from onething.services.summaries.case_summary import DraftSaved, Opened
from onething.web.cases.scan import read_scan
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import FieldMistake, Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import query_codes
from onething.web.intake.take_in_form import FIELDS, QUESTIONS, TakeIn

router = APIRouter(prefix="/counter/new", route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "intake/page_take_in.html"
_MOST = 200
_PATH = "/counter"
_PLACES = {"/seen": "/seen/0/document", "/seen/0/chip_number": "/seen/0/document"}
"""Where a mistake about a part as a whole, or about what nobody sees, is put right."""


class TakeInQuery(QueryModel):
    draft: CaseNo | None = Field(None)


@dataclass(frozen=True)
class Saved:
    """A draft, in this version."""

    case_no: CaseNo
    version: int


@router.get("", response_class=Response)
async def offer(request: Request, context: InContext) -> Response:
    return render(request, "intake/page_offer.html", {"offered": bundles.page(context, _MOST, None).items})


@router.get("/{code}", response_class=Response)
async def take_in(
    code: BundleCodePath, request: Request, context: InContext, by: By, query: Annotated[TakeInQuery, Query()]
) -> Response:
    bundle = bundles.show(context, code)
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
    bundle = bundles.show(context, code)
    so_far = await bundles.plan_so_far(context, code, TakeIn.of_browser(bundle, sent).answers)
    typed = replace(TakeIn.of_browser(bundle, sent), answers=dict(so_far.answers))
    saved = _saved(sent)
    act = sent.value("_do")
    try:
        made = await _save(request, context, by, bundle, typed, sent, saved)
        saved = made.saved
        if act in ("submit", "accept"):
            await _submit(request, context, by, sent, saved.case_no, bundle, typed)
    except (OneThingError, RequestValidationError) as refused:
        if saved is not None and act and _is_submitted(refused):
            return see_other(f"{_PATH}/receipt/{saved.case_no}")
        return await _refused(request, context, by, bundle, typed, sent, saved, refused)
    if act == "accept":
        await _accept(context, by, sent, saved.case_no, typed)
    answer = (
        see_other(f"{_PATH}/receipt/{saved.case_no}")
        if act
        else await _kept(request, context, by, bundle, so_far, typed, sent, saved)
    )
    code_told = made.query_code or query_codes.known(request, context, by, saved.case_no)
    if code_told is not None:
        query_codes.keep(request, answer, context, by, saved.case_no, code_told, _PATH)
    return answer


@dataclass(frozen=True)
class _Made:
    saved: Saved
    query_code: str | None = None


async def _save(
    request: Request,
    context: AppContext,
    by: Principal,
    bundle: BundleView,
    typed: TakeIn,
    sent: Form,
    saved: Saved | None,
) -> _Made:
    if saved is None:
        application = as_request(NewApplication, typed.application(bundle.code))
        with counting(request, Allowance.DRAFT) as counted:
            begun = counted.of(await drafts.begin(context, by, sent.key, application))
        opened = Opened.model_validate_json(begun.body)
        return _Made(Saved(CaseNo.parse(opened.case_no), 1), opened.query_code)
    change = as_request(DraftChangeRequest, typed.change(sent))
    read = ReadVersions(frozenset({saved.version}))
    kept = DraftSaved.model_validate_json((await drafts.change(context, by, saved.case_no, read, change)).body)
    return _Made(Saved(saved.case_no, kept.version))


async def _submit(
    request: Request,
    context: AppContext,
    by: Principal,
    sent: Form,
    case_no: CaseNo,
    bundle: BundleView,
    typed: TakeIn,
) -> None:
    """Of the whole that is saved: what does not apply any more goes first."""
    await _leave_out_what_does_not_apply(context, by, case_no, bundle, typed)
    wanted = SubmissionRequest(incomplete=sent.has("_incomplete"))
    with counting(request, Allowance.SUBMIT) as counted:
        counted.of(await submit.submit_draft(context, by, f"{sent.key}.submit", case_no, ANY_VERSION, wanted))


async def _leave_out_what_does_not_apply(
    context: AppContext, by: Principal, case_no: CaseNo, bundle: BundleView, typed: TakeIn
) -> None:
    plan = (await bundles.plan_so_far(context, bundle.code, typed.answers)).plan
    if plan is None:
        return
    view, _ = await cases_search.show(context, by, case_no)
    apply = {field.id for field in plan.form}
    asked = {question.id for question in plan.questions}
    form = {name: None for name in view.form or {} if name not in apply}
    answers = {name: None for name in view.answers or {} if name not in asked}
    if form or answers:
        change = as_request(DraftChangeRequest, {"form": form, "answers": answers})
        await drafts.change(context, by, case_no, ANY_VERSION, change)


async def _accept(context: AppContext, by: Principal, sent: Form, case_no: CaseNo, typed: TakeIn) -> None:
    """What keeps it from being accepted stands on the page of the case, to which the receipt leads."""
    try:
        await accept.accept(context, by, f"{sent.key}.accept", case_no, AcceptanceRequest(deferred=typed.deferred))
    except OneThingError:
        return


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
    return await _page(request, context, by, bundle, typed, saved=saved, mistakes=mistakes, elsewhere=elsewhere)


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
        return see_other(path)
    same = sent.value(QUESTIONS).split() == [one.id for one in so_far.questions] and sent.value(FIELDS).split() == (
        [one.id for one in so_far.plan.form] if so_far.plan else []
    )
    answer = await _page(request, context, by, bundle, typed, saved=saved, block="saved" if same else "parts")
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
    block: str = "saved",
) -> Response:
    so_far = await bundles.plan_so_far(context, bundle.code, typed.answers)
    sections: dict[str, list[object]] = {}
    for one in so_far.plan.form if so_far.plan else ():
        sections.setdefault(one.section or bundle.name, []).append(one)
    values = {
        "bundle": bundle,
        "so_far": so_far,
        "plan": so_far.plan,
        "sections": sections,
        "typed": typed,
        "saved": saved,
        "saved_at": context.clock.now(),
        "mistakes": mistakes,
        "elsewhere": elsewhere,
        "outlets": [outlets.named(context, one) for one in (by.outlets.own if by.outlets else ())],
        "case_scanned": read_scan(typed.applicant.get("id_number", "")),
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes else 200, blocks={"saved": block})


def _saved(sent: Form) -> Saved | None:
    number, version = sent.value("_draft"), sent.value("_version")
    if not number:
        return None
    try:
        return Saved(CaseNo.parse(number), int(version))
    except ValueError:
        raise OneThingError(FailureCode.INVALID_REQUEST, "这张表单不完整，请刷新页面后再提交。") from None


def _at(code: str, case_no: CaseNo) -> str:
    return f"{_PATH}/new/{code}?draft={case_no}"
