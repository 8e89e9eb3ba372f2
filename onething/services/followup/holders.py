"""Who holds a case now: departments with something to do, each with what and since when; for lists of a supervisor."""

from collections.abc import Mapping

from onething.domain.engine.task_flags import TaskFlag
from onething.services.core.context import AppContext
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.tables import tasks
from onething.store.tables.tasks import HeldPart


class HolderView(ResponseModel):
    """`kind`: of the task, or `at_system`: the department's own system has it. `due_at`: the department's own date.
    `overdue`: that is over. `flags` as of a task: with `correction_open` or `suspended` it waits, and not for the
    department."""

    department: str
    department_name: str
    kind: str
    item: str
    item_name: str
    since: LocalDateTime
    due_at: LocalDateTime | None = None
    overdue: bool
    flags: tuple[TaskFlag, ...] = ()


async def holders_of(context: AppContext, tx: Transaction, bundles: Mapping[str, str]) -> dict[str, list[HolderView]]:
    """By case; `bundles`: of each the bundle as it was submitted. Of nobody: it waits for look-ups, or has ended."""
    found: dict[str, list[HolderView]] = {case_no: [] for case_no in bundles}
    for one in await tasks.holders(tx, list(bundles)):
        found[one.case_no].append(_view(context, bundles[one.case_no], one))
    return found


def _view(context: AppContext, bundle: str, held: HeldPart) -> HolderView:
    definition = context.applications.definition(bundle)
    names = {one.code: one.name for one in definition.lookups} | {item.code: item.name for item in definition.items}
    return HolderView(
        department=held.department,
        department_name=context.department(held.department),
        kind=held.kind,
        item=held.item,
        item_name=names.get(held.item, held.item),
        since=held.since,
        due_at=held.due_at,
        overdue=held.due_at is not None and held.due_at <= context.clock.now(),
        flags=held.flags,
    )
