"""Reading the access log: an auditor's alone, and each reading is a line of it."""

from datetime import datetime

from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.audit.schemas import AccessPage, AccessSearchRequest, AccessView
from onething.services.core.access import number_search, opened_reason
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.store.record import access_log
from onething.store.record.access_log import Access, AccessFilter, NumberSearch


async def search(
    context: AppContext, principal: Principal, request: AccessSearchRequest, limit: int, after: str | None
) -> AccessPage:
    """As `page`, of one person's number. Raises InvalidInput too."""
    wanted = number_search(context, principal, request.id_type, request.id_number, request.reason)
    where = AccessFilter(
        request.subject,
        request.act,
        request.case_no,
        wanted.whose,
        request.since,
        request.until,
        request.outcome,
    )
    return await _page(context, principal, where, wanted, limit, after)


async def page(
    context: AppContext,
    principal: Principal,
    *,
    subject: str | None,
    act: str | None,
    case_no: str | None,
    outcome: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    after: str | None,
) -> AccessPage:
    """Newest first. Raises NotPermitted for everybody but auditors, InvalidInput for a cursor of another list."""
    where = AccessFilter(subject, act, case_no, outcome=outcome, since=since, until=until)
    return await _page(context, principal, where, None, limit, after)


async def _page(
    context: AppContext,
    principal: Principal,
    where: AccessFilter,
    by_number: NumberSearch | None,
    limit: int,
    after: str | None,
) -> AccessPage:
    before = place_of(after) if after else access_log.NEWEST
    async with context.transaction(principal, Act.VIEW_ACCESS_LOG, search=by_number) as tx:
        require(principal, Act.VIEW_ACCESS_LOG)
        lines = await access_log.page(tx, where, before=before, limit=limit + 1)
        access_log.add(
            tx,
            Act.VIEW_ACCESS_LOG,
            context.clock.now(),
            case_no=where.case_no,
            search=by_number,
            found=min(len(lines), limit),
            detail=_spelled_out(where),
        )
    last = lines[limit - 1] if len(lines) > limit else None
    more = pagination.written(last.at, str(last.id)) if last else None
    return AccessPage(items=[_view(context, line) for line in lines[:limit]], next=more)


def place_of(after: str) -> tuple[datetime, int]:
    """Where the page after this cursor begins. Raises InvalidInput."""
    at, key = pagination.read(after)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise pagination.foreign()
    return at, int(key)


def _spelled_out(where: AccessFilter) -> str | None:
    """What was filtered by, beside the case and the person, who have columns of their own."""
    parts = {
        "subject": where.subject,
        "act": where.act,
        "outcome": where.outcome,
        "from": where.since.isoformat() if where.since else None,
        "to": where.until.isoformat() if where.until else None,
    }
    return " ".join(f"{name}={value}" for name, value in parts.items() if value is not None) or None


def _view(context: AppContext, line: Access) -> AccessView:
    return AccessView(
        at=line.at,
        subject=line.subject,
        role=line.role,
        department=line.department,
        region=line.region,
        outlet=line.outlet,
        act=line.act,
        outcome=line.outcome,
        case_no=line.case_no,
        whose=line.whose.hex() if line.whose is not None else None,
        found=line.found,
        reason=opened_reason(context, line.subject, line.reason),
        address=line.address,
        request_id=line.request_id,
        times=line.times,
        detail=line.detail,
    )
