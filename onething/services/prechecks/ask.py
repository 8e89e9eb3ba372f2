"""请窗口看一眼: asked for by whoever goes on with a draft, once while one is open; and taken back."""

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.kernel.state import CaseStatus
from onething.domain.prechecks import promised_at
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services import outlets
from onething.services.core.access import head_for
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.prechecks.contents import draft_to_check
from onething.services.prechecks.schemas import PrecheckRequest, PrecheckStanding
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import cases, prechecks
from onething.store.tables.prechecks import NewPrecheck

_SUBMITTED = "该办件已经提交，不再是草稿，不用再请窗口看。"


@act_on_case(Act.ASK_PRECHECK)
async def ask(run: CaseRun, request: PrecheckRequest) -> StoredResponse:
    """201: until when it is answered. Whoever asks goes on with the draft: it is kept as from any change.

    Raises NotAllowed if it is a draft no longer, if one is open already, while it is not known what is to be brought
    or nothing of it was photographed, and where nobody takes it in; InvalidInput for an outlet that does not.
    """
    context, tx, head = run.context, run.tx, run.head
    if head.status != CaseStatus.DRAFT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, _SUBMITTED)
    await cases.lock_draft(tx, run.case_no)
    draft = await draft_to_check(context, tx, run.case_no)
    if draft.materials and not draft.files:
        detail = "还没有上传材料：请先给材料拍照上传，再请窗口看；暂时没有的可以先不传。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    code = draft.definition.code
    _require_taken_in(context, head.region, code, request.outlet)
    now = context.clock.now()
    new = NewPrecheck(
        case_no=run.case_no,
        region=head.region,
        outlet=request.outlet,
        bundle=code,
        asked_by=run.principal.subject,
        asked_at=now,
        promised_at=promised_at(context.calendar(draft.definition.calendar), now),
    )
    if not await prechecks.ask(tx, new):
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "已经请窗口看了，正等答复；不用再请，也可以先取消。")
    await cases.keep_draft(tx, run.case_no, now + cases.DRAFT_KEPT)
    access_log.add(tx, run.act, now, case_no=run.case_no)
    tx.on_commit(lambda: context.feed.inbox_changed(head.region))
    view = PrecheckStanding(
        case_no=run.case_no,
        state="open",
        asked_at=now,
        promised_at=new.promised_at,
        outlet=outlets.named(context, request.outlet),
    )
    return answer(view, 201)


async def take_back(context: AppContext, principal: Principal, case_no: str) -> None:
    """With the answer, if there is one: the counter sees no more of the draft. Raises NotPermitted, NOT_FOUND, also
    where none was asked for, and NotAllowed once it is submitted."""
    async with context.transaction(principal, Act.TAKE_BACK_PRECHECK, case_no) as tx:
        head = await head_for(tx, principal, Act.TAKE_BACK_PRECHECK, case_no)
        if head.status != CaseStatus.DRAFT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, _SUBMITTED)
        await _take_back(tx, case_no)
        access_log.add(tx, Act.TAKE_BACK_PRECHECK, context.clock.now(), case_no=case_no)
        tx.on_commit(lambda: context.feed.inbox_changed(head.region))


async def _take_back(tx: Transaction, case_no: str) -> None:
    if not await prechecks.take_back(tx, case_no):
        raise OneThingError(FailureCode.NOT_FOUND, "没有请窗口看过这份草稿，或者已经取消。")


def _require_taken_in(context: AppContext, region: str, bundle: str, outlet: str | None) -> None:
    if not outlets.in_region(context, region, bundle):
        detail = "当地没有登记办理这个一件事的网点，窗口定不了让您去哪里；请直接在网上提交，或拨打 12345 问清再去。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    if outlet is None:
        return
    known = context.catalog.outlets.get(outlet)
    if known is None or known.region != region:
        detail = "这份申请不由那个网点所在的地方办理，请换一个网点，或不选。"
        raise InvalidInput([FieldProblem("/outlet", FailureCode.INVALID_VALUE, detail)])
    outlets.require_open_to(context, outlet, bundle, context.today())
