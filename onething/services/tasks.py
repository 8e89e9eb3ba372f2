"""待办: a department's queue, and one task with what is needed to decide it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Literal

from onething.domain.caller import Caller, Role
from onething.domain.definition import BundleDefinition, Item
from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.holding import in_hands
from onething.domain.outcome import TaskKind, comparison_of, material_to_check
from onething.domain.state import Differing, ItemState
from onething.security.policy import Act, Facts, require, role_may
from onething.services import cursors, manual_checks, returns
from onething.services.answers import local
from onething.services.case_views import CaseView
from onething.services.office import Office
from onething.services.opinions import said_on
from onething.services.reading import read_case
from onething.services.task_views import TaskPage, TaskRow, TaskView
from onething.store import access_log, cases, tasks
from onething.store.actor import Actor
from onething.store.database import Transaction

OTHERWISE: dict[str, str] = {
    TaskKind.CHECK: "这是核查承诺的待办，请用 commitments/{material}/check 登记核查结果。",
    TaskKind.DISCREPANCY: "这是核实数据的待办，请用 resolve 登记哪一方的数据正确。",
    TaskKind.MANUAL_CHECK: "这是人工核查数据的待办，请用 look-up 登记查到的记录，或查无此记录。",
    TaskKind.REVOKE: "这是决定是否撤销准予的待办，请用 revoke 登记决定和理由。",
}
"""Tasks that are neither claimed nor decided: how their result is recorded."""
LookUp = Callable[[Transaction, str], Awaitable[tasks.Task]]


async def task_for(
    tx: Transaction, caller: Caller, act: Act, task_id: str, *, look_up: LookUp = tasks.get
) -> tasks.Task:
    """The task, if the caller may do this with it. Raises NotPermitted, NOT_FOUND."""
    if not role_may(caller.role, act):
        require(caller, act)
    task = await look_up(tx, task_id)
    require(caller, act, Facts(region=task.region, task_department=task.department))
    return task


async def item_task_for(tx: Transaction, caller: Caller, act: Act, task_id: str) -> tasks.Task:
    """The open task of an item, for an act on its time. Raises NotAllowed where it is over, undoes something, or is
    claimed by another officer; and as `task_for`."""
    task = await task_for(tx, caller, act, task_id)
    if task.kind == TaskKind.UNDO:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "人工撤销的待办没有办理时限，办完后直接登记即可。")
    if task.kind == TaskKind.CONSULT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这是其他部门征求意见的待办，请用 answer 答复。")
    if task.kind in OTHERWISE:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, OTHERWISE[task.kind])
    if task.state != "open":
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这件待办已经结束，不能再改变它的时限。")
    if caller.role is Role.OFFICER and task.claimed_by not in (None, caller.subject):
        raise NotAllowed(FailureCode.CLAIMED_BY_ANOTHER, "该待办已由其他人员认领，请先由其放回。")
    return task


class DecidedAlready(NotAllowed):
    """Somebody was first. `standing`: the decision that holds."""

    def __init__(self, detail: str, standing: dict[str, str]) -> None:
        super().__init__(FailureCode.ALREADY_DECIDED, detail)
        self.standing = standing


@asynccontextmanager
async def telling_who_was_first(office: Office, caller: Caller, task_id: str) -> AsyncIterator[None]:
    """Around an act on a task: where it came too late, DecidedAlready takes the place of the plain refusal."""
    try:
        yield
    except NotAllowed as refusal:
        async with office.database.transaction(Actor.of(caller)) as tx:
            standing = await standing_decision(office, tx, task_id)
        if standing is None:
            raise
        raise DecidedAlready(refusal.detail, standing) from None


async def standing_decision(office: Office, tx: Transaction, task_id: str) -> dict[str, str] | None:
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
        "department_name": office.department(task.department),
    }


def item_of(definition: BundleDefinition, code: str) -> Item:
    for item in definition.items:
        if item.code == code:
            return item
    raise OneThingError(FailureCode.NOT_FOUND, "没有这个事项。")


async def queue(
    office: Office,
    caller: Caller,
    department: str | None,
    state: Literal["open", "closed"],
    limit: int,
    after: str | None,
) -> TaskPage:
    """Open tasks by due moment, or closed ones, the last first. Raises NotPermitted for another department's."""
    wanted = department or caller.department or ""
    async with office.transaction(caller, Act.LIST_TASKS) as tx:
        require(caller, Act.LIST_TASKS, Facts(region=caller.region, task_department=wanted))
        if state == "open":
            first = cursors.read(after) if after else tasks.FIRST
            rows = await tasks.queue(tx, wanted, caller.region, after=first, limit=limit + 1)
            ends = [row.cursor for row in rows]
        else:
            last = cursors.read(after) if after else tasks.LATEST
            rows = await tasks.closed(tx, wanted, caller.region, before=last, limit=limit + 1)
            ends = [row.closed_cursor for row in rows]
    more = cursors.written(*ends[limit - 1]) if len(rows) > limit else None
    return TaskPage(items=[_row(office, task) for task in rows[:limit]], next=more)


async def show(office: Office, caller: Caller, task_id: str) -> TaskView:
    """The task, its decision form, and the case as far as its department needs it."""
    async with office.transaction(caller, Act.VIEW_TASK, task_id.partition("-")[0]) as tx:
        task = await task_for(tx, caller, Act.VIEW_TASK, task_id, look_up=tasks.shown)
        head = await cases.get(tx, task.case_no)
        view = await read_case(office, tx, await _eyes(office, tx, caller, task), head)
        warnings = tuple(_warnings(task, view)) or await _because(office, tx, task)
        consults, inspections = await said_on(office, tx, task)
        looked_for = await manual_checks.wanted(office, tx, task)
        names = {one.code: one.name for one in office.applications.definition(task.bundle).items}
        sent_back = await returns.told(office, tx, task, names)
        await access_log.add(tx, Act.VIEW_TASK, office.clock.now(), case_no=task.case_no, detail=task.item)
    undo, decides = task.kind == TaskKind.UNDO, task.kind == TaskKind.DECIDE
    item = next((i for i in office.applications.definition(task.bundle).items if i.code == task.item), None)
    fields = item.decision_form if item and decides else ()
    return TaskView(
        **_row(office, task).model_dump(mode="python"),
        decision_form=tuple(field.model_dump(mode="json", exclude_defaults=True) for field in fields),
        what=item.undo.what if item and undo else None,
        look_up=looked_for,
        consults=tuple(consults),
        inspections=tuple(inspections),
        returns=sent_back,
        warnings=warnings,
        case=view,
    )


def _warnings(task: tasks.Task, case: CaseView) -> Iterator[str]:
    """What whoever decides the item has to know first."""
    for one in case.discrepancies or ():
        if one.state == Differing.OPEN and task.kind == TaskKind.DECIDE and task.item in one.items:
            yield (
                f"“{one.name}”的各方数据不一致，{one.department_name}尚未核实：请等其核实；"
                f"确要准予的，在 despite 里写 {one.code} 并写明意见。"
            )


async def _because(office: Office, tx: Transaction, task: tasks.Task) -> tuple[str, ...]:
    """Why it is asked whether an approval stands, and what falls with it: nothing by itself."""
    found = await cases.state(tx, task.case_no) if task.kind == TaskKind.REVOKE else None
    if found is None or task.item not in found[1].revocations:
        return ()
    state = found[1]
    plan = in_hands(await office.shelf.plan_of(tx, state), state.holders)
    material = state.revocations[task.item].material
    if material is None:
        needed = (plan.item_by_code[code] for code in plan.item_by_code[task.item].needs_items)
        names = "、".join(f"“{one.name}”" for one in needed if state.items[one.code].state is ItemState.UNDONE)
        why = f"它依据的{names}已被撤销，请决定它是否撤销。"
    else:
        why = f"申请人对“{plan.material_by_code[material].name}”的承诺经核查不实，请决定准予是否撤销。"
    after = [plan.item_by_code[code] for code in plan.dependants[task.item]]
    told = "、".join(f"“{one.name}”（{office.department(one.department)}）" for one in after)
    return (why, f"撤销后，已准予的{told}不会自动撤销，由其部门另行决定。") if after else (why,)


async def _eyes(office: Office, tx: Transaction, caller: Caller, task: tasks.Task) -> Caller:
    """Who is asked for an opinion sees for that time what the department sees that asked."""
    found = await cases.state(tx, task.case_no) if task.is_asked_now else None
    if found is None:
        return caller
    asker = (await office.shelf.plan_of(tx, found[1])).item_by_code[task.item].department
    return caller.model_copy(update={"department": asker})


def _row(office: Office, task: tasks.Task) -> TaskRow:
    definition = office.applications.definition(task.bundle)
    names = {need.key: need.name for need in definition.data} | {item.code: item.name for item in definition.items}
    told: dict[str, str] = {"name": definition.name, "item_name": names.get(task.item, task.item)}
    if task.kind == TaskKind.CHECK:
        code = material_to_check(task.name)
        name = next((one.name for one in definition.materials if one.code == code), code)
        told |= {"material": code, "material_name": name}
    if task.kind == TaskKind.DISCREPANCY:
        code = comparison_of(task.name)
        name = next((one.name for one in definition.compare if one.code == code), code)
        told |= {"comparison": code, "comparison_name": name}
    known = {one: getattr(task, one) for one in TaskRow.model_fields if hasattr(task, one) and one not in told}
    return TaskRow(**told, **known)
