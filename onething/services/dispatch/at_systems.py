"""部门业务系统在办的: what a department's own system has, and until when it is waited for."""

from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import PlanItem
from onething.domain.principal import Caller
from onething.security.policy import Act, Facts, require
from onething.services.core.context import Office
from onething.services.summaries import pagination
from onething.services.summaries.responses import Shown, View, WholeView
from onething.store.tables import at_systems


class AtSystemView(View):
    """The department's own system has the item. If it has not decided by `until`, its people get it as a task."""

    since: Shown
    until: Shown


class AtSystemRow(AtSystemView):
    """`name` is that of the 一件事. `due_at`: the item's promise, which counts on."""

    case_no: str
    name: str
    item: str
    item_name: str
    department: str
    bundle: str
    due_at: Shown | None = None


class AtSystemPage(WholeView):
    items: list[AtSystemRow]
    next: str | None = None


def at_system(item: PlanItem, state: CaseState) -> AtSystemView | None:
    """None: people have it, or nobody yet or any more."""
    command = order_of(state.commands, item.code)
    until = state.commands[command].patience_at if command else None
    return AtSystemView(since=until - timedelta(minutes=item.patience_minutes), until=until) if until else None


async def at_systems_of(
    office: Office, caller: Caller, department: str | None, limit: int, after: str | None
) -> AtSystemPage:
    """Those that people get first at the head. Raises NotPermitted for another department's, InvalidInput where none is
    named by somebody who is of none."""
    wanted = department or caller.department
    require(caller, Act.VIEW_AT_SYSTEMS, Facts(region=caller.region, task_department=wanted))
    if wanted is None:
        detail = "请用 department 指明看哪个部门的，如 department=amr。"
        raise InvalidInput([FieldProblem("/department", FailureCode.MISSING_VALUE, detail)])
    async with office.transaction(caller, Act.VIEW_AT_SYSTEMS) as tx:
        first = _place(after) if after else at_systems.FIRST
        rows = await at_systems.page(tx, wanted, caller.region, after=first, limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    more = pagination.written(last.until, f"{last.case_no} {last.command}") if last else None
    return AtSystemPage(items=[_row(office, one) for one in rows[:limit]], next=more)


def _place(after: str) -> tuple[datetime, str, str]:
    at, key = pagination.read(after)
    case_no, _, command = key.partition(" ")
    if not command:
        raise pagination.foreign()
    return at, case_no, command


def _row(office: Office, one: at_systems.AtSystem) -> AtSystemRow:
    definition = office.applications.definition(one.bundle)
    return AtSystemRow(
        since=one.since,
        until=one.until,
        case_no=one.case_no,
        name=definition.name,
        item=one.item,
        item_name=next((item.name for item in definition.items if item.code == one.item), one.item),
        department=one.department,
        bundle=one.bundle,
        due_at=one.due_at,
    )
