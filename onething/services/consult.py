"""协办和会签: a department asks others what they think of its item, or for their agreement; they answer."""

from onething.domain.caller import Caller
from onething.domain.clock_kinds import step_clock
from onething.domain.consult_events import ConsultAnswered, ConsultAsked
from onething.domain.consult_moves import CONSULT_DAYS
from onething.domain.consulting import answer_of
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.limits import Limit
from onething.domain.outcome import TaskKind, consult_number, consult_task
from onething.domain.state import CountersignRule
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer, answer
from onething.services.consult_views import Answered, Asked, AskedTask
from onething.services.office import Office
from onething.services.officers_requests import Consultation, Opinion
from onething.services.once import Request, once
from onething.services.pointing import pointing_at
from onething.services.standing import locked
from onething.services.tasks import item_of, item_task_for, task_for, telling_who_was_first
from onething.store import tasks
from onething.store.database import Transaction
from onething.store.writing import SealedValue, task_id

_COUNTERSIGN = "countersign"


async def consult(office: Office, caller: Caller, key: str, task: str, sent: Consultation) -> Answer:
    """Raises InvalidInput (also for more days than the item has by law, telling how many it has), NotAllowed."""

    async def work(tx: Transaction) -> Answer:
        row = await item_task_for(tx, caller, Act.CONSULT, task)
        _check(office, row, sent)
        before = await locked(office, tx, row.case_no)
        n = len(before.state.consults.get(row.item, ())) + 1
        question = papers.question(row.item, row.round, n)
        rule = CountersignRule(sent.rule or CountersignRule.ALL) if sent.mode == _COUNTERSIGN else None
        days = sent.days or CONSULT_DAYS
        event = ConsultAsked(
            item=row.item,
            n=n,
            departments=tuple(sent.departments),
            rule=rule,
            limit=Limit(amount=days),
            question=question,
        )
        sealed = office.papers(row.case_no).seal(question, {"question": sent.question})
        value = SealedValue(question, sealed, (row.department, *sent.departments))
        with pointing_at("/days"):
            recorded = await office.door.record(tx, row.case_no, event, values=[value])
        asked = [
            AskedTask(
                task_id=task_id(row.case_no, consult_task(row.item, number), row.round),
                department=department,
                department_name=office.department(department),
            )
            for number, department in enumerate(sent.departments, n)
        ]
        view = Asked(
            task_id=task,
            case_no=row.case_no,
            item=row.item,
            mode=sent.mode,
            rule=rule,
            days=days,
            due_at=recorded.state.clocks[step_clock(row.item, n)].due_at,
            asked=asked,
            seq=recorded.seq,
            at=recorded.at,
        )
        return answer(view)

    request = Request(caller, Act.CONSULT, f"POST /api/tasks/{task}/consult", key, sent, task.partition("-")[0])
    async with telling_who_was_first(office, caller, task):
        return await once(office, request, work)


async def give_opinion(office: Office, caller: Caller, key: str, task: str, sent: Opinion) -> Answer:
    """Raises InvalidInput, DecidedAlready where it was answered before, NotAllowed where nobody waits for it."""

    async def work(tx: Transaction) -> Answer:
        row = await task_for(tx, caller, Act.GIVE_OPINION, task)
        if row.kind != TaskKind.CONSULT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这不是征求意见的待办，请用 decide 作出决定。")
        n = consult_number(row.name)
        opinion = papers.consult_opinion(row.item, row.round, n)
        event = ConsultAnswered(item=row.item, round=row.round, n=n, agrees=sent.agree, opinion=opinion)
        asker = item_of(office.applications.definition(row.bundle), row.item).department
        sealed = office.papers(row.case_no).seal(opinion, {"opinion": sent.opinion})
        value = SealedValue(opinion, sealed, (asker, row.department))
        with pointing_at("/agree"):
            recorded = await office.door.record(tx, row.case_no, event, values=[value])
        view = Answered(
            task_id=task,
            case_no=row.case_no,
            item=row.item,
            answer=answer_of(event),
            seq=recorded.seq,
            at=recorded.at,
        )
        return answer(view)

    request = Request(caller, Act.GIVE_OPINION, f"POST /api/tasks/{task}/answer", key, sent, task.partition("-")[0])
    async with telling_who_was_first(office, caller, task):
        return await once(office, request, work)


def _check(office: Office, row: tasks.Task, sent: Consultation) -> None:
    problems = []
    for index, department in enumerate(sent.departments):
        if department not in office.catalog.departments:
            problems.append(_wrong(index, f"没有部门“{department}”，请核对部门代码。"))
        elif department == row.department:
            problems.append(_wrong(index, "不能向承办部门自己征求意见，请删去。"))
        elif department in sent.departments[:index]:
            problems.append(_wrong(index, "同一部门只能写一次，请删去。"))
    if sent.rule is not None and sent.mode != _COUNTERSIGN:
        detail = "只征求意见不需要规则，请删去，或把 mode 改为 countersign。"
        problems.append(FieldProblem("/rule", FailureCode.INVALID_VALUE, detail))
    if problems:
        raise InvalidInput(problems)


def _wrong(index: int, detail: str) -> FieldProblem:
    return FieldProblem(f"/departments/{index}", FailureCode.INVALID_VALUE, detail)
