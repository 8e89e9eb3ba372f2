"""Who may do what with a task, and which decision stands where somebody was first."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from onething.domain.definition.bundle import BundleDefinition, Item
from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.kernel.task_ref import TaskKind, TaskRef
from onething.domain.principal import Principal, Role
from onething.security.policy import Act, Facts, require, role_may
from onething.services.core.context import AppContext
from onething.services.summaries.responses import local
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.tables import tasks

OTHERWISE: dict[str, str] = {
    TaskKind.CHECK: "这是核查承诺的待办，请用 commitments/{material}/check 登记核查结果。",
    TaskKind.DISCREPANCY: "这是核实数据的待办，请用 resolve 登记哪一方的数据正确。",
    TaskKind.MANUAL_CHECK: "这是人工核查数据的待办，请用 look-up 登记查到的记录，或查无此记录。",
    TaskKind.REVOKE: "这是决定是否撤销准予的待办，请用 revoke 登记决定和理由。",
}
"""Tasks that are neither claimed nor decided: how their result is recorded."""
LookUp = Callable[[Transaction, str], Awaitable[tasks.Task]]


def task_ref(task_id: str) -> TaskRef:
    """Raises OneThingError NOT_FOUND where no task is called so."""
    try:
        return TaskRef.parse(task_id)
    except ValueError:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个待办，或者不属于您的部门。") from None


async def task_for(
    tx: Transaction, principal: Principal, act: Act, task_id: str, *, look_up: LookUp = tasks.get
) -> tasks.Task:
    """The task, if the caller may do this with it. Raises NotPermitted, NOT_FOUND."""
    if not role_may(principal.role, act):
        require(principal, act)
    task = await look_up(tx, task_id)
    require(principal, act, Facts(region=task.region, task_department=task.department, at=tx.actor.at))
    return task


def require_open_item(principal: Principal, task: tasks.Task) -> None:
    """Raises NotAllowed unless it is the open task of an item, and no other officer works on it."""
    if task.kind == TaskKind.UNDO:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "人工撤销的待办没有办理时限，办完后直接登记即可。")
    if task.kind == TaskKind.CONSULT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这是其他部门征求意见的待办，请用 answer 答复。")
    if task.kind in OTHERWISE:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, OTHERWISE[task.kind])
    if task.state != "open":
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这件待办已经结束，不能再改变它的时限。")
    if principal.role is Role.OFFICER and task.claimed_by not in (None, principal.subject):
        raise NotAllowed(FailureCode.CLAIMED_BY_ANOTHER, "该待办已由其他人员认领，请先由其放回。")


class DecidedAlready(NotAllowed):
    """Somebody was first. `standing`: the decision that holds."""

    def __init__(self, detail: str, standing: dict[str, str]) -> None:
        super().__init__(FailureCode.ALREADY_DECIDED, detail)
        self.standing = standing


@asynccontextmanager
async def naming_the_decision(context: AppContext, principal: Principal, task_id: str | None) -> AsyncIterator[None]:
    """Around an act on a task: where it came too late, DecidedAlready takes the place of the plain refusal."""
    try:
        yield
    except NotAllowed as refusal:
        if task_id is None:
            raise
        async with context.database.transaction(Actor.of(principal)) as tx:
            standing = await standing_decision(context, tx, task_id)
        if standing is None:
            raise
        raise DecidedAlready(refusal.detail, standing) from None


async def standing_decision(context: AppContext, tx: Transaction, task_id: str) -> dict[str, str] | None:
    """The decision that was first, if there is one. Read after the refused transaction: it never holds two
    connections."""
    try:
        task = await tasks.get(tx, task_id)
    except OneThingError:
        return None  # nobody ever had it as a task
    if task.state != "done" or task.closed_at is None or task.result is None:
        return None
    return {
        "outcome": task.result,
        "at": local(task.closed_at),
        "department": task.department,
        "department_name": context.department(task.department),
    }


def item_of(definition: BundleDefinition, code: str) -> Item:
    """The definition's item of that code. Raises OneThingError NOT_FOUND."""
    for item in definition.items:
        if item.code == code:
            return item
    raise OneThingError(FailureCode.NOT_FOUND, "没有这个事项。")
