"""待确认的预填申请: the counter, or who it concerns, makes a draft of one; then it goes on as any draft."""

from typing import Any

from onething.domain.definition.prefill_events import EventDefinition
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.principal import Principal, Role
from onething.security.policy import Act, require
from onething.services.application.schemas import Application, Party
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.intake.drafts import etag, sealed_draft
from onething.services.intake.origins import CHANNEL, OriginView, origin_view
from onething.services.intake.prefill_events import application_of, context, origin_of
from onething.services.intake.schemas import PrefillRequest
from onething.services.intake.submit import begin
from onething.services.summaries import case_summary, pagination
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
    local,
)
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import cases, prefills

_BY = {Role.CITIZEN: "申请人本人", Role.COUNTER: "综合窗口"}


class PrefillRow(ResponseModel):
    """One that waits. `event`: what happened, as people call it."""

    id: str
    event: str
    bundle: str
    name: str
    region: str
    received_at: LocalDateTime
    expires_at: LocalDateTime


class PrefillPage(CompleteResponseModel):
    items: list[PrefillRow]
    next: str | None = None


class PrefillView(ResponseModel):
    """All that is known, and where each value came from. `applicant`: none where the event names nobody."""

    id: str
    bundle: str
    name: str
    region: str
    received_at: LocalDateTime
    expires_at: LocalDateTime
    answers: dict[str, Any]
    applicant: case_summary.PartyView | None = None
    form: dict[str, Any]
    prefilled: OriginView


async def page(context: AppContext, principal: Principal, limit: int, after: str | None) -> PrefillPage:
    """Those that wait, newest first: a counter's region's, a citizen's own. Leaves a line in the access log."""
    before = pagination.read(after) if after else cases.LATEST
    now = context.clock.now()
    async with context.transaction(principal, Act.CONFIRM_PREFILL) as tx:
        require(principal, Act.CONFIRM_PREFILL)
        if principal.role is Role.COUNTER:
            search = None
            rows = await prefills.in_region(tx, principal.region, now, before=before, limit=limit + 1)
        elif principal.identity is None:
            search, rows = None, []
        else:
            search = NumberSearch(bytes.fromhex(principal.identity))
            rows = await prefills.of_person(tx, search.whose, now, before=before, limit=limit + 1)
        found = min(len(rows), limit)
        access_log.add(tx, Act.CONFIRM_PREFILL, now, search=search, found=found, detail="listed")
    last = rows[limit - 1] if len(rows) > limit else None
    return PrefillPage(
        items=[_row(context, row) for row in rows[:limit]],
        next=pagination.written(last.received_at, last.id) if last else None,
    )


async def show(context: AppContext, principal: Principal, id_: str) -> PrefillView:
    """Raises OneThingError NOT_FOUND, NotAllowed once it is a draft. Leaves a line in the access log."""
    async with context.transaction(principal, Act.CONFIRM_PREFILL) as tx:
        one, kind, data = await _waiting(context, tx, principal, id_)
        access_log.add(tx, Act.CONFIRM_PREFILL, context.clock.now(), search=_whose(one), detail=f"seen:{id_}")
    parts = application_of(context, kind, data)
    row = _row(context, one).model_dump(exclude={"event"})
    return PrefillView(**row, **parts, prefilled=origin_view(origin_of(context, kind, one, data), parts))


@act_on_no_case(Act.CONFIRM_PREFILL)
async def confirm(run: ActRun, id_: str, request: PrefillRequest) -> StoredResponse:
    """201: a draft of the caller's, as if they had begun it, with the event's values.

    Raises as `show`, and InvalidInput where the applicant is missing, or a citizen names another.
    """
    context, tx, principal = run.context, run.tx, run.principal
    one, kind, data = await _waiting(context, tx, principal, id_, lock=True)
    parts = application_of(context, kind, data)
    parts["applicant"] = _applicant(principal, parts.get("applicant"), request.applicant)
    application = context.applications.normal(
        context.applications.begun(Application(bundle=one.bundle, region=one.region, **parts), one.region)
    )
    begun = await begin(context, tx, principal, application, None, CHANNEL)
    case_no, now = begun.head.case_no, context.clock.now()
    await cases.begin(tx, begun.head)
    origin = origin_of(context, kind, one, data)
    await cases.save_draft(
        tx, case_no, sealed_draft(context, case_no, application, origin), now, now + cases.DRAFT_KEPT
    )
    await prefills.take(tx, id_, at=now, role=principal.role, case_no=case_no)
    access_log.add(tx, run.act, now, case_no=case_no, search=_whose(one), detail=f"confirmed:{id_}")
    tx.on_commit(lambda: context.feed.inbox_changed(one.region))
    view = case_summary.Opened(
        case_no=case_no,
        query_code=begun.query_code,
        status="draft",
        expires_at=now + cases.DRAFT_KEPT,
        links=case_summary.links(case_no),
    )
    made = answer(view, 201)
    return StoredResponse(made.status, made.body, etag(1))


def _whose(prefill: prefills.Prefill) -> NumberSearch | None:
    return NumberSearch(prefill.identity_index) if prefill.identity_index is not None else None


def _applicant(principal: Principal, named: dict[str, Any] | None, request: Party | None) -> Party:
    if request is not None and principal.role is Role.CITIZEN:
        detail = "申请人就是事件中写明的您本人，请删去；如需由他人申请，请到综合窗口。"
        raise InvalidInput([FieldProblem("/applicant", FailureCode.INVALID_VALUE, detail)])
    if request is not None:
        return request
    if named is None:
        detail = "事件没有写明申请人，请填写。"
        raise InvalidInput([FieldProblem("/applicant", FailureCode.MISSING_VALUE, detail)])
    return Party(**named)


async def _waiting(
    app_context: AppContext, tx: Transaction, principal: Principal, id_: str, *, lock: bool = False
) -> tuple[prefills.Prefill, EventDefinition, dict[str, Any]]:
    require(principal, Act.CONFIRM_PREFILL)
    one = await prefills.get(tx, id_, app_context.clock.now(), lock=lock)
    if one.body is None:
        by, at = _BY[Role(one.taken_role or "")], local(one.taken_at or one.received_at)
        detail = f"这份预填申请已由{by}于 {at} 确认，草稿编号 {one.case_no}，不能重复确认。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    kind = app_context.catalog.events.get(one.event)
    if kind is None:
        raise OneThingError(FailureCode.NOT_FOUND, "这一类事件已不再登记，请直接提交申请。")
    return one, kind, app_context.sealer.open_json(one.body, context=context(id_))


def _row(context: AppContext, row: prefills.PrefillListRow | prefills.Prefill) -> PrefillRow:
    kind = context.catalog.events.get(row.event)
    return PrefillRow(
        id=row.id,
        event=kind.name if kind else row.event,
        bundle=row.bundle,
        name=context.applications.definition(row.bundle).name,
        region=row.region,
        received_at=row.received_at,
        expires_at=row.expires_at,
    )
