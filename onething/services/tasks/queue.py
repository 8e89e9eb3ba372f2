"""待办: a department's queue, and one task with what is needed to decide it."""

from collections.abc import AsyncIterator, Iterator
from typing import Literal

from onething.domain.kernel.state import CaseState, Differing, ItemState
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, judge, require
from onething.services.application import sealed_values
from onething.services.available.actions import CaseNow, on_task
from onething.services.cases.applicants import applicant_names
from onething.services.cases.detail import read_case, standing_of
from onething.services.cases.schemas import CaseView
from onething.services.consults.read import said_on
from onething.services.core.context import AppContext
from onething.services.core.task_access import task_facts, task_for, task_ref
from onething.services.items import earlier_returns
from onething.services.lookups import manual_check_form
from onething.services.summaries import pagination
from onething.services.tasks.schemas import TaskPage, TaskRow, TaskView
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record import sealed_values as sealed_values_record
from onething.store.tables import cases, tasks


async def queue(
    context: AppContext,
    principal: Principal,
    department: str | None,
    state: Literal["open", "closed"],
    limit: int,
    after: str | None,
) -> TaskPage:
    """Open tasks by due moment, or closed ones, the last first. Raises NotPermitted for another department's.
    Leaves a line in the access log: it tells who applies."""
    context.require_department(department)
    wanted = department or principal.department or ""
    async with context.transaction(principal, Act.LIST_TASKS) as tx:
        require(principal, Act.LIST_TASKS, Facts(region=principal.region, task_department=wanted))
        if state == "open":
            first = pagination.read(after) if after else tasks.FIRST
            rows = await tasks.queue(tx, wanted, principal.region, after=first, limit=limit + 1)
            ends = [row.cursor for row in rows]
        else:
            last = pagination.read(after) if after else tasks.LATEST
            rows = await tasks.closed(tx, wanted, principal.region, before=last, limit=limit + 1)
            ends = [row.closed_cursor for row in rows]
        names = await applicant_names(context, tx, principal, {row.case_no for row in rows[:limit]})
        access_log.add(tx, Act.LIST_TASKS, context.clock.now(), found=len(rows[:limit]))
    more = pagination.written(*ends[limit - 1]) if len(rows) > limit else None
    shown = [
        _row(context, task).model_copy(update={"applicant_name": names.get(task.case_no)}) for task in rows[:limit]
    ]
    return TaskPage(items=shown, next=more)


async def show(context: AppContext, principal: Principal, task_id: str) -> TaskView:
    """The task, its decision form, and the case as far as its department needs it."""
    async with context.transaction(principal, Act.VIEW_TASK, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.VIEW_TASK, task_id, look_up=tasks.get_with_reminders)
        head = await cases.get(tx, task.case_no)
        found = await standing_of(context, tx, task.case_no)
        if found is None:
            raise AssertionError("a case with tasks is submitted")
        plan, state = found
        view = await read_case(context, tx, _eyes(principal, plan, task), head, found)
        warnings = tuple(_warnings(plan, state, task, view)) or _because(context, plan, state, task)
        warnings += tuple([text async for text in _review(context, tx, state, task)])
        facts = task_facts(tx, task, head)
        now = CaseNow(principal, plan, state, context.clock.now(), context.departments_on_duty(), task)
        actions = on_task(lambda act: judge(principal, act, facts), now)
        consults, inspections = await said_on(context, tx, task)
        looked_for = await manual_check_form.requested_record(context, tx, task)
        names = {one.code: one.name for one in context.applications.definition(task.bundle).items}
        sent_back = await earlier_returns.returns_of(context, tx, task, names)
        access_log.add(tx, Act.VIEW_TASK, context.clock.now(), case_no=task.case_no, detail=task.item)
    undo, decides = task.kind == TaskKind.UNDO, task.kind == TaskKind.DECIDE
    item = next((i for i in context.applications.definition(task.bundle).items if i.code == task.item), None)
    fields = item.decision_form if item and decides else ()
    return TaskView(
        **_row(context, task).model_dump(mode="python"),
        decides_on=decides_on(plan, state, task.item) or None if decides else None,
        decision_form=tuple(field.model_dump(mode="json", exclude_defaults=True) for field in fields),
        what=item.undo.what if item and undo else None,
        look_up=looked_for,
        consults=tuple(consults),
        inspections=tuple(inspections),
        returns=sent_back,
        warnings=warnings,
        available_actions=actions,
        case=view,
    )


async def _review(context: AppContext, tx: Transaction, state: CaseState, task: tasks.Task) -> AsyncIterator[str]:
    """Why somebody wants it looked at anew."""
    if task.kind == TaskKind.REVOKE and state.revocations[task.item].review:
        name = sealed_values.review(task.item, task.round)
        stored = context.values(task.case_no, await sealed_values_record.get_many(tx, task.case_no, [name]))
        if (told := stored.get(name)) is not None:
            yield f"请求复核的理由：{told['reason']}"


def _warnings(plan: Plan, state: CaseState, task: tasks.Task, case: CaseView) -> Iterator[str]:
    """What whoever decides the item has to know first."""
    if task.kind == TaskKind.DECIDE:
        for code in plan.item_by_code[task.item].needs_items:
            if state.items[code].state is ItemState.UNDONE:
                yield f"它依据的“{plan.item_by_code[code].name}”已被撤销，请据此决定。"
    for one in case.discrepancies or ():
        if one.state == Differing.OPEN and task.kind == TaskKind.DECIDE and task.item in one.items:
            yield (
                f"“{one.name}”的各方数据不一致，{one.department_name}尚未核实：请等其核实；"
                f"确要准予的，在 despite 里写 {one.code} 并写明意见。"
            )


def _because(context: AppContext, plan: Plan, state: CaseState, task: tasks.Task) -> tuple[str, ...]:
    """Why it is asked whether an approval stands, and what falls with it: nothing by itself."""
    if task.kind != TaskKind.REVOKE or task.item not in state.revocations:
        return ()
    asked = state.revocations[task.item]
    material = asked.material
    if asked.review:
        why = "有部门或督办员请求复核准予的决定：请依法决定维持或撤销（行政许可法第六十九条）；只是写错的，请更正。"
    elif material is None and state.items[task.item].state is not ItemState.APPROVED:
        why = "贵部门的业务系统准予了它，办件却已经结束或退回，没有人对此作出决定：请决定该准予是否继续有效。"
    elif material is None:
        needed = (plan.item_by_code[code] for code in plan.item_by_code[task.item].needs_items)
        names = "、".join(f"“{one.name}”" for one in needed if state.items[one.code].state is ItemState.UNDONE)
        why = f"它依据的{names}已被撤销，请决定它是否撤销。"
    else:
        why = f"申请人对“{plan.material_by_code[material].name}”的承诺经核查不实，请决定准予是否撤销。"
    after = [plan.item_by_code[code] for code in plan.dependants[task.item]]
    told = "、".join(f"“{one.name}”（{context.department(one.department)}）" for one in after)
    return (why, f"撤销后，已准予的{told}不会自动撤销，由其部门另行决定。") if after else (why,)


def _eyes(principal: Principal, plan: Plan, task: tasks.Task) -> Principal:
    """Who is asked for an opinion sees for that time what the department sees that asked."""
    if not task.is_asked_now:
        return principal
    return principal.model_copy(update={"department": plan.item_by_code[task.item].department})


def _row(context: AppContext, task: tasks.Task) -> TaskRow:
    definition = context.applications.definition(task.bundle)
    names = {need.key: need.name for need in definition.data} | {item.code: item.name for item in definition.items}
    told: dict[str, str] = {"name": definition.name, "item_name": names.get(task.item, task.item)}
    if task.kind == TaskKind.CHECK:
        code = task.name.subject
        name = next((one.name for one in definition.materials if one.code == code), code)
        told |= {"material": code, "material_name": name}
    if task.kind == TaskKind.DISCREPANCY:
        code = task.name.subject
        name = next((one.name for one in definition.compare if one.code == code), code)
        told |= {"comparison": code, "comparison_name": name}
    known = {one: getattr(task, one) for one in TaskRow.model_fields if hasattr(task, one) and one not in told}
    return TaskRow(**told, **known)
