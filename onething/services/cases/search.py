"""Reading cases: one, a list, a search by identity number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Literal

from onething.domain.errors import FailureCode, FieldProblem, OneThingError, require_valid
from onething.domain.followup.urges import departments_asked
from onething.domain.kernel.custody import asked_to_answer
from onething.domain.kernel.state import ENDED, CaseStatus
from onething.domain.principal import APPLYING_SIDE, Principal, Role
from onething.security.policy import Act, reaches_cases, require
from onething.services import outlets
from onething.services.application.check import check_number
from onething.services.available.actions import CaseNow, on_case
from onething.services.bundles import named
from onething.services.cases.applicants import NOBODY_KNOWN, ApplicantNames, applicant_names
from onething.services.cases.detail import read_case, row_parts, standing_of
from onething.services.cases.schemas import AlreadyBegun, CasePage, CaseRow, CaseSearchRequest, CaseView
from onething.services.core.access import access_to, number_search
from onething.services.core.context import AppContext
from onething.services.core.visibility import is_told_of_end
from onething.services.duplicates import WARNED, Duplicates, duplicate_marks, duplicates_among, duplicates_of
from onething.services.followup.holders import holders_of
from onething.services.followup.reminders import read_by, settled
from onething.services.intake.draft_content import progress_of
from onething.services.intake.drafts import etag
from onething.services.summaries import pagination
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import cases, ended_persons
from onething.store.tables.cases import CaseHead, DueBetween, InboxCounts

CaseOrder = Literal["newest", "waiting"]
CaseDue = Literal["overdue", "soon"]
_MOST_BEGUN = 20


async def show(context: AppContext, principal: Principal, case_no: str) -> tuple[CaseView, str | None]:
    """The case and, of a draft, its ETag. Leaves a line in the access log."""
    async with context.transaction(principal, Act.VIEW_CASE, case_no) as tx:
        access = await access_to(tx, principal, Act.VIEW_CASE, case_no)
        found = await standing_of(context, tx, case_no)
        try:
            view = await read_case(context, tx, principal, access.head, found)
        except OneThingError as gone:
            if gone.code is not FailureCode.NOT_FOUND or access.head.status != CaseStatus.DRAFT:
                raise
            access = await access_to(tx, principal, Act.VIEW_CASE, case_no)  # it was submitted while it was read
            found = await standing_of(context, tx, case_no)
            view = await read_case(context, tx, principal, access.head, found)
        now = CaseNow(principal, *found, context.clock.now()) if found else None
        view = view.model_copy(update={"available_actions": on_case(access.judge, principal, now)})
        if found and view.reminders and principal.department is None:
            plan, state = found
            replies = [clock.reply for clock in state.clocks.values() if clock.reply]  # as `view.reminders` has them
            asked = [
                (asked_to_answer(plan, one), told.since) for one, told in zip(replies, view.reminders, strict=True)
            ]
            read = await read_by(context, tx, access.head.case_no, asked)
            told = [one.model_copy(update={"read_by": by}) for one, by in zip(view.reminders, read, strict=True)]
            view = view.model_copy(update={"reminders": tuple(told)})
        if found and principal.department is None:
            view = view.model_copy(update={"settled_reminders": await settled(tx, access.head.case_no) or None})
        if found and principal.role is Role.SUPERVISOR and view.ended_at is None:
            goes_to = [context.department(one) for one in departments_asked(*found, None)]
            view = view.model_copy(update={"reminders_go_to": goes_to})
        if is_told_of_end(principal, access.head):
            ended_at = await ended_persons.ended_at(tx, access.head.identity_index)
            view = view.model_copy(update={"applicant_ended_at": ended_at})
        if principal.role in WARNED:
            others = await duplicates_of(context, tx, access.head)
            view = view.model_copy(update=duplicate_marks(others))
        access_log.add(tx, Act.VIEW_CASE, context.clock.now(), case_no=case_no)
    return view, etag(view.version) if view.status == CaseStatus.DRAFT else None


async def page(
    context: AppContext,
    principal: Principal,
    *,
    mine: bool,
    to_confirm: bool,
    applicant_ended: bool,
    statuses: Sequence[CaseStatus],
    bundle: str | None,
    outlet: str | None,
    limit: int,
    after: str | None,
    corrections_answered: bool = False,
    order: CaseOrder = "newest",
    due: CaseDue | None = None,
) -> CasePage:
    """Newest first: on the applying side those in one's own name, one's drafts and those of whom one acts for, or the
    drafts by others that wait for one's word; below real person one's drafts alone. The region's for counter and
    supervisor, a department's own; those of its outlets for a counter that is bound to them. `applicant_ended`: of
    these under way those whose applicant is registered to be no more: what becomes of them is for people to say.
    `outlet`: taken in there or below. `statuses`: any of these, all for none. For offices: `corrections_answered`, what
    the counter asked for has come; `order` waiting, of what waits for the counter or for the applicant the one that has
    waited the longest first; `due`, whose promise is over, or has been warned of and soon will be, the one due first
    at the head. For a supervisor with who holds each. Raises InvalidInput, NotPermitted for an outlet that is not
    theirs to ask for. Leaves a line in the access log: it tells who applies."""
    before = pagination.read(after) if after else cases.LATEST
    whole_office = not (mine or to_confirm or applicant_ended or principal.role in APPLYING_SIDE)
    read = _statuses(statuses, order, corrections_answered=corrections_answered)
    where = cases.Filter(read, bundle, corrections_answered)
    async with context.transaction(principal, Act.LIST_CASES) as tx:
        require(principal, Act.LIST_CASES)
        require_valid(
            _problems(statuses, order, due, corrections_answered=corrections_answered, whole_office=whole_office)
        )
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
        elif due is not None:
            taken_in = outlets.asked_for(context, principal, outlet)
            first = pagination.read(after) if after else cases.EARLIEST
            rows = await cases.pressing(
                tx, principal.region, taken_in, where, _due_between(context, due), after=first, limit=limit + 1
            )
        elif order == "waiting":
            taken_in = outlets.asked_for(context, principal, outlet)
            longest = pagination.read(after) if after else cases.EARLIEST
            rows = await cases.waiting(tx, principal.region, taken_in, where, after=longest, limit=limit + 1)
        elif (taken_in := outlets.asked_for(context, principal, outlet)) is not None:
            rows = await cases.of_outlets(tx, taken_in, where, before=before, limit=limit + 1)
        else:
            rows = await cases.of_region(tx, principal.region, where, before=before, limit=limit + 1)
        found = await _page(context, tx, principal, rows, limit, _cursor(order, due))
        access_log.add(tx, Act.LIST_CASES, context.clock.now(), found=len(found.items))
    return found


async def inbox_counts(context: AppContext, principal: Principal) -> InboxCounts:
    """How much waits for a counter. Raises NotPermitted."""
    async with context.transaction(principal, Act.LIST_CASES) as tx:
        require(principal, Act.LIST_CASES)
        taken_in = outlets.asked_for(context, principal, None)
        return await cases.inbox_counts(tx, principal.subject, principal.region, taken_in)


def _due_between(context: AppContext, due: CaseDue) -> DueBetween:
    now = context.clock.now()
    return DueBetween(cases.EARLIEST[0], now) if due == "overdue" else DueBetween(now, cases.LATEST[0])


def _problems(
    statuses: Sequence[CaseStatus],
    order: CaseOrder,
    due: CaseDue | None,
    *,
    corrections_answered: bool,
    whole_office: bool,
) -> Iterator[FieldProblem]:
    """What can't be asked for together."""
    for name, asked in {
        "order": order == "waiting",
        "corrections_answered": corrections_answered,
        "due": due is not None,
    }.items():
        if asked and not whole_office:
            detail = "只用于窗口、督办员和部门的办件列表，不与本人的、待我确认的、申请人已故的一起用，请删去。"
            yield FieldProblem(f"/{name}", FailureCode.INVALID_VALUE, detail)
    if due is not None and (order == "waiting" or corrections_answered):
        detail = "按到期看的总是到期早的在前，不与 order、corrections_answered 一起用，请删去。"
        yield FieldProblem("/due", FailureCode.INVALID_VALUE, detail)
    if order == "waiting" and not set(statuses) <= set(cases.WAITING):
        detail = "等得最久的在前，只能看待受理和等补正的，请写 status=submitted 或 correction，或不写 order。"
        yield FieldProblem("/order", FailureCode.INVALID_VALUE, detail)
    if corrections_answered and statuses and CaseStatus.SUBMITTED not in statuses:
        detail = "补正已回的办件都在待受理，请写 status=submitted，或不写 status。"
        yield FieldProblem("/corrections_answered", FailureCode.INVALID_VALUE, detail)


def _cursor(order: CaseOrder, due: CaseDue | None) -> Callable[[CaseHead], tuple[datetime, str]]:
    """Where the page after a row begins."""
    if due is not None:
        return attrgetter("due_cursor")
    return attrgetter("waiting_cursor" if order == "waiting" else "cursor")


def _statuses(
    requested: Sequence[CaseStatus], order: CaseOrder, *, corrections_answered: bool
) -> tuple[CaseStatus, ...]:
    """Which have to be read: what was answered is with the counter."""
    if corrections_answered:
        return (CaseStatus.SUBMITTED,)
    if order == "waiting" and not requested:
        return cases.WAITING
    return tuple(dict.fromkeys(requested))


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
    code = named(context, bundle).code
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
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    rows: Sequence[CaseHead],
    limit: int,
    cursor: Callable[[CaseHead], tuple[datetime, str]] = attrgetter("cursor"),
) -> CasePage:
    shown = rows[:limit]
    more = pagination.written(*cursor(shown[-1])) if len(rows) > limit else None
    return CasePage(items=await _rows(context, tx, principal, shown), next=more)


async def _rows(context: AppContext, tx: Transaction, principal: Principal, rows: Sequence[CaseHead]) -> list[CaseRow]:
    names = await applicant_names(context, tx, principal, {row.case_no: row.bundle for row in rows})
    drafts = [row.case_no for row in rows if row.status == CaseStatus.DRAFT]
    filled = await progress_of(context, tx, drafts)
    marked = [row for row in rows if principal.role is Role.COUNTER and row.status not in {CaseStatus.DRAFT, *ENDED}]
    twice = await duplicates_among(context, tx, [row.case_no for row in marked])
    marks = {row.case_no: _marks(row, twice) for row in marked}
    if principal.role is Role.SUPERVISOR:
        held = await holders_of(context, tx, {row.case_no: row.bundle for row in rows if row.status not in ENDED})
        marks = {row.case_no: {"holders": held[row.case_no]} for row in rows if row.case_no in held}
    return [
        _row(context, row, names.get(row.case_no, NOBODY_KNOWN)).model_copy(
            update={"draft": filled.get(row.case_no), **marks.get(row.case_no, {})}
        )
        for row in rows
    ]


def _marks(head: CaseHead, twice: Mapping[str, Duplicates]) -> dict[str, object]:
    """By which a counter sees what to look at."""
    return {
        "waiting_since": head.status_since,
        "submitted_by_other": head.mandate is not None,
        **duplicate_marks(twice.get(head.case_no)),
        "corrections_answered": head.corrections_answered,
    }


def _row(context: AppContext, head: CaseHead, names: ApplicantNames) -> CaseRow:
    return CaseRow(**row_parts(context, head), applicant_name=names.applicant, enterprise_name=names.enterprise)
