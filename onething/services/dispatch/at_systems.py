"""部门业务系统在办的: what a department's own system has, and until when it is waited for."""

from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import PlanItem
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.tables import at_systems


class AtSystemView(ResponseModel):
    """The department's own system has the item. If it has not decided by `until`, its people get it as a task."""

    since: LocalDateTime
    until: LocalDateTime


class AtSystemRow(AtSystemView):
    """`name` is that of the 一件事. `due_at`: the item's promise, which counts on."""

    case_no: str
    name: str
    item: str
    item_name: str
    department: str
    bundle: str
    due_at: LocalDateTime | None = None


class AtSystemPage(CompleteResponseModel):
    items: list[AtSystemRow]
    next: str | None = None


def at_system(item: PlanItem, state: CaseState) -> AtSystemView | None:
    """None: people have it, or nobody yet or any more."""
    command = order_of(state.commands, item.code)
    until = state.commands[command].patience_at if command else None
    return AtSystemView(since=until - timedelta(minutes=item.patience_minutes), until=until) if until else None


async def at_systems_of(
    context: AppContext, principal: Principal, department: str | None, limit: int, after: str | None
) -> AtSystemPage:
    """Those that people get first at the head. Raises NotPermitted for another department's, InvalidInput where none is
    named by somebody who is of none."""
    context.require_department(department)
    wanted = department or principal.department
    async with context.transaction(principal, Act.VIEW_AT_SYSTEMS) as tx:
        require(principal, Act.VIEW_AT_SYSTEMS, Facts(region=principal.region, task_department=wanted))
        if wanted is None:
            detail = "请用 department 指明看哪个部门的，如 department=amr。"
            raise InvalidInput([FieldProblem("/department", FailureCode.MISSING_VALUE, detail)])
        first = _place(after) if after else at_systems.FIRST
        rows = await at_systems.page(tx, wanted, principal.region, after=first, limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    more = pagination.written(last.until, f"{last.case_no} {last.command}") if last else None
    return AtSystemPage(items=[_row(context, one) for one in rows[:limit]], next=more)


def _place(after: str) -> tuple[datetime, str, str]:
    at, key = pagination.read(after)
    case_no, _, command = key.partition(" ")
    if not command:
        raise pagination.foreign()
    return at, case_no, command


def _row(context: AppContext, row: at_systems.AtSystem) -> AtSystemRow:
    definition = context.applications.definition(row.bundle)
    return AtSystemRow(
        since=row.since,
        until=row.until,
        case_no=row.case_no,
        name=definition.name,
        item=row.item,
        item_name=next((item.name for item in definition.items if item.code == row.item), row.item),
        department=row.department,
        bundle=row.bundle,
        due_at=row.due_at,
    )
