"""到窗口: whoever had a draft looked at shows the code, and the clerk goes on with the draft and takes it in as any."""

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services import outlets
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.intake.draft_content import fixed_channel, open_draft
from onething.services.intake.drafts import etag, sealed_draft
from onething.services.intake.submit import new_head
from onething.services.prechecks.schemas import DraftTakenOver, TakeOverRequest
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record import access_log
from onething.store.tables import cases, prechecks

_WRONG = "凭证码不对，或已过了约好的那天：请核对页面上的凭证码；过期的，请申请人另约，或直接收件。"


async def _still_theirs(run: ActRun, case_no: CaseNo, _: TakeOverRequest) -> None:
    await prechecks.need(run.tx, case_no)


@act_on_no_case(Act.TAKE_OVER_DRAFT, recheck=_still_theirs)
async def take_over(run: ActRun, case_no: CaseNo, request: TakeOverRequest) -> StoredResponse:
    """The draft is the clerk's from here on, as if it had been begun at their counter: what came of it online (channel)
    is gone, and whom they saw they still have to say. Its applicant sees it as before, and alone may delete it.

    Raises NOT_FOUND for what is not of the caller's counter, and InvalidInput for a wrong code, where the outlet does
    not take it in, or it is handled elsewhere."""
    context, tx, principal = run.context, run.tx, run.principal
    found = await prechecks.need(tx, case_no)
    outlet = outlets.recording(context, principal, request.outlet or _sits_at(principal, found.visit_outlet))
    if outlet is not None:
        outlets.require_open_to(context, outlet, found.bundle, context.today())
    code_hash = context.codes.hash(case_no, request.code)
    if not await prechecks.hand_over(tx, case_no, code_hash, outlet):
        raise InvalidInput([FieldProblem("/code", FailureCode.INVALID_VALUE, _WRONG)])
    head = await cases.get(tx, case_no)
    draft = await cases.lock_draft(tx, case_no)
    application, origin = open_draft(context, case_no, draft.body)
    application = application.model_copy(update={"channel": None, "region": None, "outlet": None, "seen": []})
    application = context.applications.normal(application)
    new = new_head(context, principal, application, None, case_no, head.query_hash, fixed_channel(origin), outlet)
    now = context.clock.now()
    sealed = sealed_draft(context, case_no, application, origin)
    version = await cases.change_draft(tx, new, draft.version, sealed, now, now + cases.DRAFT_KEPT)
    access_log.add(tx, run.act, now, case_no=case_no)
    stored = answer(DraftTakenOver(case_no=case_no, bundle=found.bundle, version=version))
    return StoredResponse(stored.status, stored.body, etag(version))


def _sits_at(principal: Principal, visit_outlet: str | None) -> str | None:
    """Who works at several is where the person was told to come to, if that is one of theirs."""
    own = principal.outlets.own if principal.outlets else ()
    return visit_outlet if visit_outlet in own else None
