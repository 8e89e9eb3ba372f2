"""待办: a department's queue, and one task with what is needed to decide it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from onething.domain.calendar.days import ONE_DAY, day_begins, local_date
from onething.domain.definition.items import Nature
from onething.domain.definition.time_rules import Missed
from onething.domain.engine.task_flags import TaskFlag, due_effect
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.kernel.state import CaseState, Differing, ItemState, Reserved
from onething.domain.kernel.task_ref import TaskKind
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, judge, require
from onething.services.application import sealed_values
from onething.services.available.actions import CaseNow, on_task
from onething.services.cases.applicants import ApplicantNames, applicant_names, enterprise_is_for
from onething.services.cases.detail import read_case, standing_of
from onething.services.cases.schemas import CaseView
from onething.services.consults.read import said_on
from onething.services.core.context import AppContext
from onething.services.core.task_access import task_facts, task_for, task_ref
from onething.services.decisions.schemas import ConditionView, OutcomeView
from onething.services.duplicates import Duplicates, duplicate_marks, duplicates_among, duplicates_of
from onething.services.items import earlier_returns
from onething.services.lookups import manual_check_form
from onething.services.summaries import pagination
from onething.services.tasks.schemas import Due, QueueCounts, QueueFilter, TaskPage, TaskRow, TaskView
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record import sealed_values as sealed_values_record
from onething.store.tables import cases, tasks

_WEEK = 7


async def queue(
    context: AppContext,
    principal: Principal,
    department: str | None,
    requested: QueueFilter,
    limit: int,
    after: str | None,
) -> TaskPage:
    """Open tasks by due moment, or closed ones, the last first; with the counts of the views. Raises NotPermitted for
    another department's, InvalidInput for a filter that can't be. Leaves a line in the access log: it tells who
    applies."""
    context.require_department(department)
    async with context.transaction(principal, Act.LIST_TASKS) as tx:
        of = department or principal.department or ""
        require(principal, Act.LIST_TASKS, Facts(region=principal.region, task_department=of))
        page = await page_of(context, tx, principal, of, requested, limit=limit, after=after)
        access_log.add(tx, Act.LIST_TASKS, context.clock.now(), found=len(page.items))
    return page


async def page_of(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    department: str,
    requested: QueueFilter,
    *,
    limit: int,
    after: str | None,
    cases_found: tuple[str, ...] | None = None,
) -> TaskPage:
    """The caller has been found to be allowed the queue. `cases_found`: of these alone."""
    require_sound(context, requested)
    where = replace(_where(context, principal, requested), cases=cases_found)
    today = _today(context)
    if requested.state == "open":
        first = pagination.read(after) if after else tasks.FIRST
        rows = await tasks.queue(tx, department, principal.region, today, where, after=first, limit=limit + 1)
        ends = [row.cursor for row in rows.tasks]
    else:
        last = pagination.read(after) if after else tasks.LATEST
        rows = await tasks.closed(tx, department, principal.region, today, where, before=last, limit=limit + 1)
        ends = [row.closed_cursor for row in rows.tasks]
    shown, more = rows.tasks[:limit], len(rows.tasks) > limit
    names = await applicant_names(context, tx, principal, {row.case_no: row.bundle for row in shown})
    twice = await duplicates_among(context, tx, {row.case_no for row in shown if row.state == "open"})
    counts = asdict(rows.figures)
    return TaskPage(
        items=[_named(context, task, names).model_copy(update=_marks(task, twice)) for task in shown],
        next=pagination.written(*ends[limit - 1]) if more else None,
        total=counts.pop("total"),
        counts=QueueCounts(**counts),
    )


def require_sound(context: AppContext, requested: QueueFilter) -> None:
    """Raises InvalidInput for a filter that can't be."""
    if requested.bundle is not None:
        context.applications.definition(requested.bundle)
    require_valid(_problems(requested))


def _problems(requested: QueueFilter) -> Iterator[FieldProblem]:
    """What can't be asked for together."""
    if requested.item is not None and requested.bundle is None:
        detail = "事项的代码只在它的一件事里有意义，请同时写明一件事（bundle）。"
        yield FieldProblem("/bundle", FailureCode.MISSING_VALUE, detail)
    if requested.state == "closed":
        for name, given in {
            "due": requested.due,
            "flags": requested.flags,
            "holder": requested.holder == "unclaimed",
        }.items():
            if given:
                detail = "已办的待办没有到期、标记和未认领之分，请删去，或看待办的（state: open）。"
                yield FieldProblem(f"/{name}", FailureCode.INVALID_VALUE, detail)


def _today(context: AppContext) -> tasks.Today:
    now = context.clock.now()
    return tasks.Today(now, day_begins(local_date(now) + ONE_DAY))


def _where(context: AppContext, principal: Principal, requested: QueueFilter) -> tasks.TaskFilter:
    due_from, due_until = _due_between(context, requested.due)
    return tasks.TaskFilter(
        bundle=requested.bundle,
        item=requested.item,
        holder=principal.subject if requested.holder == "mine" else None,
        unclaimed=requested.holder == "unclaimed",
        flags=tuple(dict.fromkeys(requested.flags)),
        due_from=due_from,
        due_until=due_until,
    )


def _due_between(context: AppContext, due: Due | None) -> tuple[datetime, datetime]:
    now = context.clock.now()
    today = local_date(now)
    match due:
        case None:
            return tasks.ANY_TASK.due_from, tasks.ANY_TASK.due_until
        case "overdue":
            return tasks.ANY_TASK.due_from, now
        case "today":
            return now, day_begins(today + ONE_DAY)
        case "week":
            return now, day_begins(today + (_WEEK - today.weekday()) * ONE_DAY)


async def show(context: AppContext, principal: Principal, task_id: str) -> TaskView:
    """The task, its decision form, and the case as far as its department needs it."""
    async with context.transaction(principal, Act.VIEW_TASK, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.VIEW_TASK, task_id)
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
        sent_back = await earlier_returns.returns_of(context, tx, task, plan)
        twice = {task.case_no: await duplicates_of(context, tx, head)} if task.state == "open" else {}
        access_log.add(tx, Act.VIEW_TASK, context.clock.now(), case_no=task.case_no, detail=task.item)
    undo, decides = task.kind == TaskKind.UNDO, task.kind == TaskKind.DECIDE
    item = next((i for i in context.applications.definition(task.bundle).items if i.code == task.item), None)
    fields = item.decision_form if item and decides else ()
    ends = plan.item_by_code[task.item].ends_with if decides else ()
    held = plan.item_by_code[task.item].conditions if decides else ()
    return TaskView(
        **_row(context, task).model_copy(update=_marks(task, twice)).model_dump(mode="python"),
        decides_on=decides_on(plan, state, task.item) or None if decides else None,
        outcomes=tuple(OutcomeView(code=one.id, name=one.name, effect=one.effect) for one in ends),
        conditions=tuple(ConditionView(id=one.id, says=one.says, basis=one.basis) for one in held),
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


def _marks(task: tasks.Task, twice: Mapping[str, Duplicates]) -> dict[str, object]:
    return duplicate_marks(twice.get(task.case_no)) if task.state == "open" else {}


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
    for shared in plan.reservations:
        if state.reservations.get(shared.code) is Reserved.FULL and task.item == shared.item:
            yield f"{shared.name}：{shared.says}"
    for one in case.discrepancies or ():
        if one.state == Differing.OPEN and task.kind == TaskKind.DECIDE and task.item in one.items:
            yield (
                f"“{one.name}”的各方数据不一致，{one.department_name}尚未核实：请等其核实；"
                f"仍要办成的，在 despite 里写 {one.code} 并写明意见。"
            )


def _because(context: AppContext, plan: Plan, state: CaseState, task: tasks.Task) -> tuple[str, ...]:
    """Why it is asked whether an approval stands, and what falls with it: nothing by itself."""
    if task.kind != TaskKind.REVOKE or task.item not in state.revocations:
        return ()
    asked, item = state.revocations[task.item], plan.item_by_code[task.item]
    material, well = asked.material, item.ended_well(state.items[task.item].outcome)
    if asked.review:
        by = "（行政许可法第六十九条）" if item.nature is Nature.LICENCE else ""
        why = f"有部门或督办员请求复核{well}的决定：请依法决定维持或撤销{by}；只是写错的，请更正。"
    elif asked.unsupplied is not None:
        why = _unsupplied(plan, asked.unsupplied)
    elif material is None and state.items[task.item].state is not ItemState.APPROVED:
        why = f"贵部门的业务系统已经办成，办件却已经结束或退回，没有人对此作出决定：请决定该{well}是否继续有效。"
    elif material is None:
        needed = (plan.item_by_code[code] for code in plan.item_by_code[task.item].needs_items)
        names = "、".join(f"“{one.name}”" for one in needed if state.items[one.code].state is ItemState.UNDONE)
        why = f"它依据的{names}已被撤销，请决定它是否撤销。"
    else:
        why = f"申请人对“{plan.material_by_code[material].name}”的承诺经核查不实，请决定{well}是否撤销。"
    after = [plan.item_by_code[code] for code in plan.dependants[task.item]]
    told = "、".join(f"“{one.name}”（{context.department(one.department)}）" for one in after)
    return (why, f"撤销后，已办成的{told}不会自动撤销，由其部门另行决定。") if after else (why,)


def _unsupplied(plan: Plan, code: str) -> str:
    """What was to be handed in after the decision did not come: what is to be decided."""
    material = plan.material_by_code[code]
    stops = material.due is not None and material.due.missed is Missed.STOP_BENEFIT
    what = "请依法决定是否停止给付：撤销即停止" if stops else "请依法决定是否撤销"
    basis = f"（{material.due.basis}）" if material.due else ""
    return f"办成后应当补交的“{material.name}”逾期没有补交，{what}{basis}。"


def _eyes(principal: Principal, plan: Plan, task: tasks.Task) -> Principal:
    """Who is asked for an opinion sees for that time what the department sees that asked."""
    if not task.is_asked_now:
        return principal
    return principal.model_copy(update={"department": plan.item_by_code[task.item].department})


def _named(context: AppContext, task: tasks.Task, names: Mapping[str, ApplicantNames]) -> TaskRow:
    """With who applies, and the enterprise that it is about if its department may know it for this item."""
    row = _row(context, task)
    known = names.get(task.case_no)
    if known is None:
        return row
    enterprise = (
        known.enterprise if enterprise_is_for(context.applications.definition(task.bundle), task.item) else None
    )
    return row.model_copy(update={"applicant_name": known.applicant, "enterprise_name": enterprise})


def _row(context: AppContext, task: tasks.Task) -> TaskRow:
    definition = context.applications.definition(task.bundle)
    names = {one.code: one.name for one in definition.lookups} | {item.code: item.name for item in definition.items}
    told: dict[str, str] = {"name": definition.name, "item_name": names.get(task.item, task.item)}
    if task.kind == TaskKind.CHECK:
        code = task.name.subject
        name = next((one.name for one in definition.materials if one.code == code), code)
        told |= {"material": code, "material_name": name}
    if task.kind == TaskKind.DISCREPANCY:
        code = task.name.subject
        name = next((one.name for one in definition.compare if one.code == code), code)
        told |= {"comparison": code, "comparison_name": name}
    if task.kind == TaskKind.DECIDE and task.result is not None:
        ends = next((item.ends_with for item in definition.items if item.code == task.item), ())
        told |= next(({"result_name": one.name} for one in ends if one.id == task.result), {})
    known = {one: getattr(task, one) for one in TaskRow.model_fields if hasattr(task, one) and one not in told}
    if task.state != "open":
        known |= {"flags": (), "supervised_due_at": None, "statutory_due_at": None}
    effect = due_effect(TaskKind(task.kind)) if task.due_at is not None else None
    return TaskRow(**told, **known, due_effect=effect, urged=TaskFlag.URGED in known["flags"])
