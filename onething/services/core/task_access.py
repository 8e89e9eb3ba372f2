"""Who may do what with a task, and which decision stands where somebody was first."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Item
from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.kernel.task_ref import TaskKind, TaskRef
from onething.domain.principal import Principal
from onething.security.policy import ATTESTING, Act, Facts, require, role_may
from onething.services.core.context import AppContext
from onething.services.summaries.responses import local
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.tables import cases, tasks

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
    of_whom = await cases.get(tx, task.case_no) if act in ATTESTING else None
    require(principal, act, task_facts(tx, task, of_whom))
    return task


def task_facts(tx: Transaction, task: tasks.Task, of_whom: cases.CaseHead | None) -> Facts:
    """What is known of the task; `of_whom`: the head of its case, where it has to be known whose it is."""
    return Facts(
        applicant=of_whom.identity_index.hex() if of_whom else None,
        region=task.region,
        task_department=task.department,
        at=tx.actor.at,
    )


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
    item = next((one for one in context.applications.definition(task.bundle).items if one.code == task.item), None)
    ends = item.ends_with if item and task.kind == TaskKind.DECIDE else ()
    named = next((one.name for one in ends if one.id == task.result), None)
    return {
        "outcome": task.result,
        **({"outcome_name": named} if named else {}),
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
