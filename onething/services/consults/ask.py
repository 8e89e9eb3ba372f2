"""协办和会签: a department asks others what they think of its item, or for their agreement; they answer."""

from onething.domain.calendar.limits import Limit
from onething.domain.consults.guards import CONSULT_DAYS, days_that_fit
from onething.domain.consults.rules import answer_of
from onething.domain.deadlines.clock_kinds import consult_clock
from onething.domain.errors import FailureCode, FieldProblem, NotAllowed, require_valid
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, ConsultTakenBack
from onething.domain.kernel.state import CountersignRule
from onething.domain.kernel.task_ref import (
    TaskRef,
    consult_task,
)
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.consults.schemas import (
    ConsultationRequest,
    ConsultationResponse,
    ConsultationTask,
    OpinionRequest,
    OpinionResponse,
    RecallRequest,
    RecallResponse,
)
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.context import AppContext
from onething.services.core.task_access import item_of
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record.case_writer import Recorded
from onething.store.tables import tasks

_COUNTERSIGN = "countersign"


@act_on_task(Act.CONSULT)
async def consult(run: TaskRun, request: ConsultationRequest) -> StoredResponse:
    """Raises InvalidInput (also for more days than the item has by law, telling how many it has), NotAllowed."""
    task = run.task
    _check(run.context, task, request)
    before = await run.locked()
    n = before.state.consulted.get(task.item, 0) + 1
    question = sealed_values.question(task.item, task.round, n)
    rule = CountersignRule(request.rule or CountersignRule.ALL) if request.mode == _COUNTERSIGN else None
    days = request.days or _usual_days(run, before, task.item)
    event = ConsultAsked(
        item=task.item,
        n=n,
        departments=tuple(request.departments),
        rule=rule,
        limit=Limit(amount=days),
        question=question,
    )
    value = run.sealed(question, {"question": request.question}, (task.department, *request.departments))
    with pointing_at("/days"):
        recorded = await run.record(event, value)
    asked = [
        ConsultationTask(
            task_id=TaskRef.of(run.case_no, consult_task(task.item, number), task.round),
            department=department,
            department_name=run.context.department(department),
        )
        for number, department in enumerate(request.departments, n)
    ]
    view = ConsultationResponse(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        mode=request.mode,
        rule=rule,
        days=days,
        due_at=recorded.state.clocks[consult_clock(task.item, n)].due_at,
        asked=asked,
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)


def _usual_days(run: TaskRun, before: Recorded, item: str) -> int:
    """Or what the item has left by law, where that is less; one where it has none, which is refused with the reason."""
    calendar = run.context.calendar(before.plan.calendar)
    fit = days_that_fit(before.plan, calendar, before.state, item, run.context.clock.now(), CONSULT_DAYS)
    return max(fit, 1)


@act_on_task(Act.TAKE_BACK_CONSULT)
async def take_back(run: TaskRun, request: RecallRequest) -> StoredResponse:
    """All that is not answered yet, or these numbers of it. Raises NotAllowed where there is none."""
    task, consults = run.task, (await run.locked()).state.consults.get(run.task.item, ())
    waiting = [one.n for one in consults if one.answer is None]
    numbers = tuple(dict.fromkeys(request.numbers)) or tuple(waiting)
    if not numbers:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "没有可以撤回的征求：没有发出过，或者都有了答复。")
    asked = tuple(one.department for one in consults if one.n in numbers)
    reason = sealed_values.recalled(task.item, numbers[0])
    event = ConsultTakenBack(item=task.item, numbers=numbers, reason=reason)
    recorded = await run.record(event, run.sealed(reason, {"reason": request.reason}, (task.department, *asked)))
    view = RecallResponse(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        numbers=list(numbers),
        departments=list(asked),
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)


@act_on_task(Act.GIVE_OPINION)
async def give_opinion(run: TaskRun, request: OpinionRequest) -> StoredResponse:
    """Raises InvalidInput, NotAllowed where nobody waits for it."""
    task = run.task
    n = task.name.number
    opinion = sealed_values.consult_opinion(task.item, task.round, n)
    event = ConsultAnswered(item=task.item, round=task.round, n=n, agrees=request.agree, opinion=opinion)
    asker = item_of(run.context.applications.definition(task.bundle), task.item).department
    with pointing_at("/agree"):
        recorded = await run.record(event, run.sealed(opinion, {"opinion": request.opinion}, (asker, task.department)))
    view = OpinionResponse(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        answer=answer_of(event),
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)


def _check(context: AppContext, task: tasks.Task, request: ConsultationRequest) -> None:
    problems = []
    there = context.departments_on_duty()
    others = "、".join(f"{name}（{code}）" for code, name in there.items() if code != task.department)
    for index, department in enumerate(request.departments):
        if why := context.why_off_duty(department):
            problems.append(_wrong(index, f"{why}可以征求的有：{others}。"))
        elif department == task.department:
            problems.append(_wrong(index, "不能向承办部门自己征求意见，请删去。"))
        elif department in request.departments[:index]:
            problems.append(_wrong(index, "同一部门只能写一次，请删去。"))
    if request.rule is not None and request.mode != _COUNTERSIGN:
        detail = "只征求意见不需要规则，请删去，或把 mode 改为 countersign。"
        problems.append(FieldProblem("/rule", FailureCode.INVALID_VALUE, detail))
    require_valid(problems)


def _wrong(index: int, detail: str) -> FieldProblem:
    return FieldProblem(f"/departments/{index}", FailureCode.INVALID_VALUE, detail)
