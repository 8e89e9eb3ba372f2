"""What the counter's form does, whether a page sends it or the outbox: it is saved as a draft, submitted, accepted.

Each by a key of its own, made of the form's: sent twice, once done.
"""

from dataclasses import dataclass

from starlette.requests import Request

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.limits import counting
from onething.security.limits import Allowance
from onething.services import bundles
from onething.services.application.schemas import NewApplication, OfflineReceipt
from onething.services.bundles import BundleView
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.duplicates import Duplicates
from onething.services.intake import accept, drafts, submit
from onething.services.intake.draft_content import ANY_VERSION, ReadVersions
from onething.services.intake.schemas import AcceptanceRequest, DraftChangeRequest, SubmissionRequest
from onething.services.summaries.case_summary import DraftSaved, Opened
from onething.web.core.forms import Form, as_request
from onething.web.intake.take_in_form import TakeIn


@dataclass(frozen=True)
class Saved:
    """A draft, in this version."""

    case_no: CaseNo
    version: int


def saved_in(sent: Form) -> Saved | None:
    """None for a form that was not saved yet. Raises OneThingError INVALID_REQUEST for what no page of ours sends."""
    number, version = sent.value("_draft"), sent.value("_version")
    if not number:
        return None
    try:
        return Saved(CaseNo.parse(number), int(version))
    except ValueError:
        raise OneThingError(FailureCode.INVALID_REQUEST, "这张表单不完整，请刷新页面后再提交。") from None


@dataclass(frozen=True)
class Made:
    saved: Saved
    query_code: str | None = None


async def save(
    request: Request,
    context: AppContext,
    by: Principal,
    bundle: BundleView,
    typed: TakeIn,
    sent: Form,
    saved: Saved | None,
) -> Made:
    """What was begun before under the form's key, and whose answer was lost, is gone on with. Raises as
    `drafts.begin` and `drafts.change`."""
    code_told: str | None = None
    if saved is None:
        application = as_request(NewApplication, typed.application(bundle.code))
        try:
            with counting(request, Allowance.DRAFT) as counted:
                begun = counted.of(await drafts.begin(context, by, sent.key, application))
            opened = Opened.model_validate_json(begun.body)
            return Made(Saved(CaseNo.parse(opened.case_no), 1), opened.query_code)
        except OneThingError as refused:
            before = await _begun_under(context, by, sent.key, refused)
            saved, code_told = Saved(CaseNo.parse(before.case_no), 1), before.query_code
    change = as_request(DraftChangeRequest, typed.change(sent))
    read = ReadVersions(frozenset({saved.version}))
    kept = DraftSaved.model_validate_json(
        (await drafts.change(context, by, saved.case_no, read, change, repeats=True)).body
    )
    return Made(Saved(saved.case_no, kept.version), code_told)


async def _begun_under(context: AppContext, by: Principal, key: str, refused: OneThingError) -> Opened:
    """Raises what refused it, unless it said something else under this key before."""
    before = await drafts.begun(context, by, key) if refused.code is FailureCode.IDEMPOTENCY_KEY_REUSED else None
    if before is None:
        raise refused
    return before


def has_looked_at(found: Duplicates, sent: Form) -> bool:
    """Of all of them: what has come since is looked at anew."""
    return set(said_of(found).split()) <= set(sent.value("_not_duplicate").split())


def said_of(found: Duplicates) -> str:
    """What whoever has looked at them says, in a form."""
    return " ".join((*found.case_nos, "unseen") if found.unseen else found.case_nos)


async def submit_saved(
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
    await _submit(request, context, by, sent, case_no, SubmissionRequest(incomplete=sent.has("_incomplete")))


async def submit_received(
    request: Request, context: AppContext, by: Principal, sent: Form, case_no: CaseNo, received: OfflineReceipt
) -> None:
    """As the slip says when it was. What the form's own button has submitted, and whose answer was lost, stays as it
    was submitted. Raises as `submit_draft`."""
    view, _ = await cases_search.show(context, by, case_no)
    if view.status == CaseStatus.DRAFT:
        bundle = bundles.show(context, view.bundle)
        await _leave_out_what_does_not_apply(context, by, case_no, bundle, TakeIn.of_draft(view))
    submission = SubmissionRequest(incomplete=sent.has("_incomplete"), received=received)
    try:
        await _submit(request, context, by, sent, case_no, submission)
    except OneThingError as refused:
        if refused.code is not FailureCode.IDEMPOTENCY_KEY_REUSED:
            raise
        await _submit(request, context, by, sent, case_no, submission.model_copy(update={"received": None}))


async def _submit(
    request: Request, context: AppContext, by: Principal, sent: Form, case_no: CaseNo, submission: SubmissionRequest
) -> None:
    with counting(request, Allowance.SUBMIT) as counted:
        counted.of(await submit.submit_draft(context, by, f"{sent.key}.submit", case_no, ANY_VERSION, submission))


async def _leave_out_what_does_not_apply(
    context: AppContext, by: Principal, case_no: CaseNo, bundle: BundleView, typed: TakeIn
) -> None:
    plan = (await bundles.plan_so_far(context, bundle.ref, typed.answers)).plan
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


async def accept_submitted(context: AppContext, by: Principal, sent: Form, case_no: CaseNo, typed: TakeIn) -> None:
    """What keeps it from being accepted stands on the page of the case, to which the receipt leads."""
    try:
        await accept.accept(context, by, f"{sent.key}.accept", case_no, AcceptanceRequest(deferred=typed.deferred))
    except OneThingError:
        return
