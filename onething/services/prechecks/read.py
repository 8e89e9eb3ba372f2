"""What the draft's people read of it; and the counter: the list of those that wait, and one, by which the draft is
seen."""

from onething.domain.kernel.case_no import CaseNo
from onething.domain.prechecks import day_is_over_at, last_day
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services import outlets
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import latest_of
from onething.services.prechecks.contents import answer_view, draft_to_check, newest_files, opened_answer
from onething.services.prechecks.schemas import (
    PrecheckAnswerView,
    PrecheckDraftView,
    PrecheckPage,
    PrecheckRow,
    PrecheckView,
    ThingToBring,
)
from onething.services.summaries import pagination
from onething.store.record import access_log
from onething.store.tables import cases, prechecks
from onething.store.tables.prechecks import Precheck

_WHO = ThingToBring(name="本人的有效身份证件")


async def own(context: AppContext, principal: Principal, case_no: str) -> PrecheckView:
    """Of a draft of the caller's. Raises NotPermitted, NOT_FOUND, also where none was asked for and once it is
    submitted."""
    async with context.transaction(principal, Act.VIEW_PRECHECK, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_PRECHECK, case_no)
        found = await prechecks.need(tx, case_no)
        draft = await cases.draft(tx, case_no)
        files = await newest_files(tx, case_no)
        access_log.add(tx, Act.VIEW_PRECHECK, context.clock.now(), case_no=case_no)
    now = context.clock.now()
    told, view = opened_answer(context, found), answer_view(context, found, draft.version, files)
    return PrecheckView(
        case_no=case_no,
        bundle=found.bundle,
        name=latest_of(context, head.bundle, head.region).name,
        state="open" if view is None else "answered",
        asked_at=found.asked_at,
        promised_at=found.promised_at,
        late=view is None and found.promised_at < now,
        outlet=outlets.named(context, found.outlet),
        answer=view,
        bring=_to_bring(view) if view else None,
        code=told["code"] if told else None,
        over=view is not None and day_is_over_at(view.visit.on) <= now,
    )


def _to_bring(view: PrecheckAnswerView) -> list[ThingToBring]:
    return [
        _WHO,
        *(ThingToBring(name=one.name, code=one.code, verdict=one.verdict, what=one.what) for one in view.materials),
    ]


async def page(context: AppContext, principal: Principal, limit: int, after: str | None) -> PrecheckPage:
    """Those that wait for the caller's counter, the longest first. Raises NotPermitted."""
    longest = pagination.read(after) if after else cases.EARLIEST
    now = context.clock.now()
    async with context.transaction(principal, Act.LIST_PRECHECKS) as tx:
        require(principal, Act.LIST_PRECHECKS)
        rows = await prechecks.page(tx, principal.region, after=longest, limit=limit + 1)
        waiting = await prechecks.waiting(tx, principal.region)
        access_log.add(tx, Act.LIST_PRECHECKS, now, found=min(len(rows), limit))
    last = rows[limit - 1] if len(rows) > limit else None
    return PrecheckPage(
        items=[_row(context, row) for row in rows[:limit]],
        waiting=waiting,
        next=pagination.written(*last.cursor) if last else None,
    )


async def waiting(context: AppContext, principal: Principal) -> int:
    """How many wait, up to 1,001, which stands for "over 1,000". Raises NotPermitted."""
    async with context.transaction(principal, Act.LIST_PRECHECKS) as tx:
        require(principal, Act.LIST_PRECHECKS)
        return await prechecks.waiting(tx, principal.region)


async def show(context: AppContext, principal: Principal, case_no: CaseNo) -> PrecheckDraftView:
    """To a clerk who is to answer it, or did, and may have its person at the window. Leaves a line that the draft's
    person reads. Raises NotPermitted, NOT_FOUND, and before the answer NotAllowed while it is not known which materials
    apply."""
    async with context.transaction(principal, Act.VIEW_PRECHECK, case_no) as tx:
        require(principal, Act.VIEW_PRECHECK)
        found = await prechecks.need(tx, case_no)
        draft = await draft_to_check(context, tx, case_no, answered=found.answered_at is not None)
        access_log.add(tx, Act.VIEW_PRECHECK, context.clock.now(), case_no=case_no)
    return PrecheckDraftView(
        **_row(context, found).model_dump(),
        applicant_name=draft.name,
        answers=draft.application.answers,
        materials=draft.to_check,
        outlets=outlets.in_region(context, found.region, found.bundle),
        last_day=last_day(found.asked_at, context.clock.now()),
        answer=answer_view(context, found, draft.version, draft.files),
    )


def _row(context: AppContext, row: Precheck) -> PrecheckRow:
    return PrecheckRow(
        case_no=row.case_no,
        bundle=row.bundle,
        name=latest_of(context, row.bundle, row.region).name,
        region=row.region,
        outlet=outlets.named(context, row.outlet),
        asked_at=row.asked_at,
        promised_at=row.promised_at,
        late=row.answered_at is None and row.promised_at < context.clock.now(),
    )
