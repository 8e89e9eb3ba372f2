"""草稿: an application that is not yet complete. Its shape is checked, its content only when it is submitted.

It is kept as long as somebody works on it, and `DRAFT_KEPT` longer; all that is in it goes with it:
个人信息保护法 Art. 19 has it kept no longer than what it was given for takes (how long that is, is assumed).
"""

from datetime import datetime

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal, Role
from onething.security.policy import Act
from onething.services import outlets
from onething.services.application import sealed_values
from onething.services.application.merge_patch import merge_patch
from onething.services.application.schemas import Application, NewApplication
from onething.services.core.access import head_for
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.authority import refuse_seen, require_right_to_submit, without_seen
from onething.services.core.context import AppContext
from onething.services.core.idempotency import CommandRequest, first_answer
from onething.services.intake.draft_content import ReadVersions, fixed_channel, open_draft
from onething.services.intake.origins import Origin
from onething.services.intake.schemas import DraftChangeRequest
from onething.services.intake.submit import begin as begin_case
from onething.services.intake.submit import new_head, rules_region, still_may_apply
from onething.services.summaries import case_summary
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record import access_log
from onething.store.record.idempotency import IdempotencyScope
from onething.store.tables import cases, materials
from onething.store.tables.cases import CaseHead


@act_on_no_case(Act.CREATE_CASE, recheck=still_may_apply)
async def begin(run: ActRun, request: NewApplication) -> StoredResponse:
    """201 with a case number that stays, and the query code. Raises InvalidInput if it is to be accepted as well."""
    context, tx = run.context, run.tx
    if request.accept:
        detail = "草稿不能受理：请去掉 accept，或以 submit: true 提交。"
        raise InvalidInput([FieldProblem("/accept", FailureCode.INVALID_VALUE, detail)])
    if request.received:
        detail = "草稿还没有收件：收件时间（received）请在提交时填写。"
        raise InvalidInput([FieldProblem("/received", FailureCode.INVALID_VALUE, detail)])
    refuse_seen(run.principal, request)
    request = context.applications.normal(context.applications.begun(request, rules_region(run, request)))
    begun = await begin_case(context, tx, run.principal, request, None)
    head = begun.head
    now = context.clock.now()
    await cases.begin(tx, head)
    await cases.save_draft(tx, head.case_no, sealed_draft(context, head.case_no, request), now, now + cases.DRAFT_KEPT)
    view = case_summary.Opened(
        case_no=head.case_no,
        query_code=begun.query_code,
        status="draft",
        expires_at=now + cases.DRAFT_KEPT,
        outlet=outlets.named(context, head.outlet),
        links=case_summary.links(head.case_no),
    )
    kept = answer(view, 201)
    return StoredResponse(kept.status, kept.body, etag(1))


async def begun(context: AppContext, principal: Principal, key: str) -> case_summary.Opened | None:
    """The draft that the caller has begun under this key, for whom the answer never reached. None: there is none."""
    request = CommandRequest(principal, IdempotencyScope(Act.CREATE_CASE), key)
    async with context.transaction(principal, Act.CREATE_CASE) as tx:
        before = await first_answer(context, tx, request)
    return case_summary.Opened.model_validate_json(before.body) if before else None


async def change(
    context: AppContext,
    principal: Principal,
    case_no: str,
    read: ReadVersions,
    request: DraftChangeRequest,
    *,
    repeats: bool = False,
) -> StoredResponse:
    """The new version, merged as RFC 7396 has it: what is named is changed, a null takes a member out, and all else
    stays. `repeats`: perhaps it was changed so before, and the answer was lost: what stands there already, all of it,
    is then no change, whichever version was read (RFC 9110 13.1.1). Raises OneThingError STALE_VERSION if it is none
    of the versions that were read, NotAllowed if it is a draft no longer, InvalidInput where it would be another's."""
    async with context.transaction(principal, Act.EDIT_DRAFT, case_no) as tx:
        head = await head_for(tx, principal, Act.EDIT_DRAFT, case_no)
        if head.status != CaseStatus.DRAFT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件已经提交，不再是草稿；如需修改请补正或撤回。")
        # Locked before it is read: two who would change any version, each a field of their own, both find theirs.
        draft = await cases.lock_draft(tx, case_no)
        before, origin = open_draft(context, case_no, draft.body)
        before = without_seen(principal, before)
        after = before.model_copy(update={name: _merged(before, request, name) for name in request.model_fields_set})
        after = context.applications.normal(Application.model_validate(after.model_dump()))
        refuse_seen(principal, after)
        if repeats and after == before and not read.has(draft.version):
            return _saved(case_no, draft.version, draft.at + cases.DRAFT_KEPT)
        read.require(draft.version)
        new = new_head(context, principal, after, None, case_no, head.query_hash, fixed_channel(origin), head.outlet)
        _require_the_same_applicant(principal, head, new.identity_index)
        sealed = sealed_draft(context, case_no, after, origin)
        now = context.clock.now()
        changed = await cases.change_draft(tx, new, draft.version, sealed, now, now + cases.DRAFT_KEPT)
    return _saved(case_no, changed, now + cases.DRAFT_KEPT)


def _require_the_same_applicant(principal: Principal, head: CaseHead, whose: bytes) -> None:
    """Whose a draft is stays, but for whoever began it where they began it, and their colleagues there: another number
    is another application, and would take it from the person who began it. A name may be put right. Raises
    InvalidInput."""
    began_here = principal.role is Role.COUNTER or principal.subject == head.created_by
    if whose == head.identity_index or (began_here and not head.handed_over):
        return
    detail = "这份草稿是为原来那位申请人填的，不能改成别的证件号码。号码填错了，或者要为别人申请，请另开一份。"
    raise InvalidInput([FieldProblem("/applicant/id_number", FailureCode.INVALID_VALUE, detail)])


def _saved(case_no: str, version: int, expires_at: datetime) -> StoredResponse:
    kept = answer(case_summary.DraftSaved(case_no=case_no, version=version, expires_at=expires_at))
    return StoredResponse(kept.status, kept.body, etag(version))


def _merged(before: Application, request: DraftChangeRequest, name: str) -> object:
    patch, value = getattr(request, name), getattr(before, name)
    return merge_patch(value, patch) if isinstance(patch, dict) and isinstance(value, dict) else patch


async def delete(context: AppContext, principal: Principal, case_no: str) -> None:
    """With all that was uploaded to it; nothing of it is left. Raises NotAllowed if it is a draft no longer."""
    async with context.transaction(principal, Act.DELETE_DRAFT, case_no) as tx:
        head = await head_for(tx, principal, Act.DELETE_DRAFT, case_no)
        if head.status != CaseStatus.DRAFT:
            detail = "该办件已经提交，不能删除；不再需要的，请撤回。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        await cases.lock_draft(tx, case_no)
        await cases.delete_draft(tx, case_no)
        access_log.add(tx, Act.DELETE_DRAFT, context.clock.now(), case_no=case_no)


async def problems(context: AppContext, principal: Principal, case_no: str) -> tuple[FieldProblem, ...]:
    """What would keep the draft from being taken if it were submitted now, as far as one answer tells. What is to be
    used again of an earlier case is believed to be there. Raises NotPermitted, NOT_FOUND, NotAllowed."""
    async with context.transaction(principal, Act.EDIT_DRAFT, case_no) as tx:
        head = await head_for(tx, principal, Act.EDIT_DRAFT, case_no)
        if head.status != CaseStatus.DRAFT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件已经提交，不再是草稿。")
        draft = await cases.draft(tx, case_no)
        files = [one.code for one in await materials.of_case(tx, case_no)]
        application, _ = open_draft(context, case_no, draft.body)
        application = context.applications.normal(application)
        in_hand = [*files, *(paper.code for paper in application.materials)]
        try:
            if principal.role is Role.COUNTER:  # whom they have seen: all others' right is asked for at the submission
                await require_right_to_submit(tx, principal, application, head.identity_index)
            context.applications.judge(application, in_hand, application.reuse, today=context.today())
        except InvalidInput as wrong:
            return wrong.problems
    return ()


def etag(version: int) -> str:
    return f'"{version}"'


def sealed_draft(context: AppContext, case_no: str, application: Application, origin: Origin | None = None) -> bytes:
    """What `open_draft` opens."""
    value = application.model_dump(exclude={"submit", "incomplete", "accept", "received"}, exclude_none=True)
    if origin is not None:
        value[str(sealed_values.PREFILLED)] = origin.model_dump(mode="json")
    return context.sealer.seal_json(value, context=sealed_values.context(case_no, sealed_values.DRAFT))
