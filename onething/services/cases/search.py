"""Reading cases: one, a list, a search by identity number."""

from collections.abc import Sequence
from datetime import datetime

from onething.domain.errors import require_valid
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.security.policy import Act, reaches_cases, require
from onething.services import outlets
from onething.services.application.check import check_number
from onething.services.available.actions import CaseNow, on_case
from onething.services.bundles import offered
from onething.services.cases.applicants import NOBODY_KNOWN, ApplicantNames, applicant_names
from onething.services.cases.detail import read_case, row_parts, standing_of
from onething.services.cases.schemas import AlreadyBegun, CasePage, CaseRow, CaseSearchRequest, CaseView
from onething.services.core.access import access_to, number_search
from onething.services.core.context import AppContext
from onething.services.core.visibility import APPLYING_SIDE, is_told_of_end
from onething.services.intake.draft_content import progress_of
from onething.services.intake.drafts import etag
from onething.services.summaries import pagination
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import cases, ended_persons
from onething.store.tables.cases import CaseHead

_MOST_BEGUN = 20


async def show(context: AppContext, principal: Principal, case_no: str) -> tuple[CaseView, str | None]:
    """The case and, of a draft, its ETag. Leaves a line in the access log."""
    async with context.transaction(principal, Act.VIEW_CASE, case_no) as tx:
        access = await access_to(tx, principal, Act.VIEW_CASE, case_no)
        found = await standing_of(context, tx, case_no)
        view = await read_case(context, tx, principal, access.head, found)
        now = CaseNow(principal, *found, context.clock.now()) if found else None
        view = view.model_copy(update={"available_actions": on_case(access.judge, principal, now)})
        if is_told_of_end(principal, access.head):
            ended_at = await ended_persons.ended_at(tx, access.head.identity_index)
            view = view.model_copy(update={"applicant_ended_at": ended_at})
        access_log.add(tx, Act.VIEW_CASE, context.clock.now(), case_no=case_no)
    return view, etag(view.version) if view.status == CaseStatus.DRAFT else None


async def page(
    context: AppContext,
    principal: Principal,
    *,
    mine: bool,
    to_confirm: bool,
    applicant_ended: bool,
    status: CaseStatus | None,
    bundle: str | None,
    outlet: str | None,
    limit: int,
    after: str | None,
) -> CasePage:
    """Newest first: on the applying side those in one's own name, one's drafts and those of whom one acts for, or the
    drafts by others that wait for one's word; below real person one's drafts alone. The region's for counter and
    supervisor, a department's own; those of its outlets for a counter that is bound to them. `applicant_ended`: of
    these under way those whose applicant is registered to be no more: what becomes of them is for people to say.
    `outlet`: taken in there or below. Raises InvalidInput, NotPermitted for an outlet that is not theirs to ask for.
    Leaves a line in the access log: it tells who applies."""
    before = pagination.read(after) if after else cases.LATEST
    where = cases.Filter(status=status, bundle=bundle)
    async with context.transaction(principal, Act.LIST_CASES) as tx:
        require(principal, Act.LIST_CASES)
        rows: Sequence[CaseHead]
        if not reaches_cases(principal):
            rows = (
                ()
                if to_confirm
                else await cases.own_drafts(tx, principal.subject, where, before=before, limit=limit + 1)
            )
        elif to_confirm:
            rows = await _to_confirm(tx, principal, before, limit + 1)
        elif applicant_ended and principal.role not in APPLYING_SIDE:
            taken_in = outlets.asked_for(context, principal, outlet)
            rows = await cases.of_ended_applicants(
                tx,
                principal.region,
                taken_in,
                where,
                before_acceptance=principal.department is None,
                before=before,
                limit=limit + 1,
            )
        elif mine or principal.role in APPLYING_SIDE:
            rows = await cases.of_applying(
                tx, principal.subject, principal.identity, where, before=before, limit=limit + 1
            )
        elif (taken_in := outlets.asked_for(context, principal, outlet)) is not None:
            rows = await cases.of_outlets(tx, taken_in, where, before=before, limit=limit + 1)
        else:
            rows = await cases.of_region(tx, principal.region, where, before=before, limit=limit + 1)
        found = await _page(context, tx, principal, rows, limit)
        access_log.add(tx, Act.LIST_CASES, context.clock.now(), found=len(found.items))
    return found


async def _to_confirm(
    tx: Transaction, principal: Principal, before: tuple[datetime, str], limit: int
) -> Sequence[CaseHead]:
    """None for who has proved no identity: nothing can be in their name."""
    if principal.identity is None:
        return []
    return await cases.to_confirm(tx, principal.subject, principal.identity, before=before, limit=limit)


async def search(
    context: AppContext, principal: Principal, request: CaseSearchRequest, *, limit: int, after: str | None
) -> CasePage:
    """Cases of the applicant with exactly this number, as far as the caller may see them; each search is logged.

    Raises InvalidInput for a number that there can't be or a missing reason, NotPermitted.
    """
    wanted = number_search(context, principal, request.id_type, request.id_number, request.reason)
    before = pagination.read(after) if after else cases.LATEST
    async with context.transaction(principal, Act.SEARCH_CASES, search=wanted) as tx:
        require(principal, Act.SEARCH_CASES)
        require_valid(check_number(request.id_type, request.id_number))
        rows = await cases.of_identity(tx, wanted.whose, before=before, limit=limit + 1)
        found = await _page(context, tx, principal, rows, limit)
        access_log.add(tx, Act.SEARCH_CASES, context.clock.now(), search=wanted, found=len(found.items))
    return found


async def begun(context: AppContext, principal: Principal, bundle: str) -> AlreadyBegun:
    """What the caller, or somebody for whom they may act, has of this 一件事 and has not ended: so nobody begins it a
    second time without knowing. Below real person, and at the counter, the caller's own drafts. Raises UNKNOWN_BUNDLE,
    NotPermitted. Leaves a line in the access log."""
    code = offered(context, bundle).code
    async with context.transaction(principal, Act.LIST_CASES) as tx:
        require(principal, Act.LIST_CASES)
        rows: Sequence[CaseHead]
        if principal.role in APPLYING_SIDE and reaches_cases(principal):
            rows = await cases.begun(tx, principal.subject, principal.identity, code, _MOST_BEGUN)
        else:
            rows = await cases.own_drafts(tx, principal.subject, cases.Filter(bundle=code), limit=_MOST_BEGUN)
        items = await _rows(context, tx, principal, rows)
        access_log.add(tx, Act.LIST_CASES, context.clock.now(), found=len(items), detail=f"begun:{code}")
    return AlreadyBegun(items=items)


async def _page(
    context: AppContext, tx: Transaction, principal: Principal, rows: Sequence[CaseHead], limit: int
) -> CasePage:
    more = pagination.written(*rows[limit - 1].cursor) if len(rows) > limit else None
    return CasePage(items=await _rows(context, tx, principal, rows[:limit]), next=more)


async def _rows(context: AppContext, tx: Transaction, principal: Principal, rows: Sequence[CaseHead]) -> list[CaseRow]:
    names = await applicant_names(context, tx, principal, {row.case_no: row.bundle for row in rows})
    drafts = [row.case_no for row in rows if row.status == CaseStatus.DRAFT]
    filled = await progress_of(context, tx, drafts)
    return [
        _row(context, row, names.get(row.case_no, NOBODY_KNOWN)).model_copy(update={"draft": filled.get(row.case_no)})
        for row in rows
    ]


def _row(context: AppContext, head: CaseHead, names: ApplicantNames) -> CaseRow:
    return CaseRow(**row_parts(context, head), applicant_name=names.applicant, enterprise_name=names.enterprise)
