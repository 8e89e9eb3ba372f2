"""联合踏勘: the departments of several items look at the place together, and each concludes for its own."""

from onething.domain.awaited import inspection_of
from onething.domain.caller import Caller
from onething.domain.clock_kinds import inspection_clock
from onething.domain.consult_events import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.consult_moves import INSPECTION_DAYS
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.limits import Limit
from onething.domain.plan import Plan
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer, answer
from onething.services.consult_views import Inspection
from onething.services.office import Office
from onething.services.officers_requests import Appointment, Conclusion, NewDay
from onething.services.once import Request, once
from onething.services.pointing import pointing_at
from onething.services.standing import locked
from onething.services.tasks import item_task_for, telling_who_was_first
from onething.store.database import Transaction
from onething.store.door import Recorded
from onething.store.writing import SealedValue


async def appoint(office: Office, caller: Caller, key: str, task_id: str, sent: Appointment) -> Answer:
    """Of the task's own item, unless others are named with it. Raises InvalidInput, NotAllowed."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.APPOINT_INSPECTION, task_id)
        before = await locked(office, tx, task.case_no)
        items = tuple(sent.items or [task.item])
        _check(before.plan, task.item, items)
        n = before.state.inspected + 1
        limit = Limit(amount=sent.days or INSPECTION_DAYS)
        event = InspectionAppointed(n=n, items=items, on=sent.on, limit=limit)
        with pointing_at("/on"):
            recorded = await office.door.record(tx, task.case_no, event)
        return _answer(recorded, task_id, task.item, n)

    route = f"POST /api/tasks/{task_id}/inspect"
    request = Request(caller, Act.APPOINT_INSPECTION, route, key, sent, task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


async def move(office: Office, caller: Caller, key: str, task_id: str, sent: NewDay) -> Answer:
    """By any of the departments that have still to conclude. Raises NotAllowed where the item waits for none, or for
    a day that does not fit."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.MOVE_INSPECTION, task_id)
        inspections = (await locked(office, tx, task.case_no)).state.inspections
        n = inspection_of(inspections, task.item)
        if n is None:
            detail = "该事项没有等待结论的联合踏勘，不能改期；请用 inspect 安排。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        event = InspectionMoved(n=n, items=inspections[n].waiting, before=inspections[n].on, on=sent.on)
        with pointing_at("/on"):
            recorded = await office.door.record(tx, task.case_no, event)
        return _answer(recorded, task_id, task.item, n)

    route = f"POST /api/tasks/{task_id}/inspect/move"
    request = Request(caller, Act.MOVE_INSPECTION, route, key, sent, task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


async def conclude(office: Office, caller: Caller, key: str, task_id: str, sent: Conclusion) -> Answer:
    """A suspended item stays so: its department resumes it. Raises NotAllowed where no conclusion is awaited."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.CONCLUDE_INSPECTION, task_id)
        before = await locked(office, tx, task.case_no)
        n = inspection_of(before.state.inspections, task.item) or 0
        conclusion = papers.conclusion(task.item, n)
        event = InspectionConcluded(n=n, item=task.item, passed=sent.passed, conclusion=conclusion)
        sealed = office.papers(task.case_no).seal(conclusion, sent.model_dump())
        value = SealedValue(conclusion, sealed, (task.department,))
        recorded = await office.door.record(tx, task.case_no, event, values=[value])
        return _answer(recorded, task_id, task.item, n, passed=sent.passed)

    route = f"POST /api/tasks/{task_id}/conclude"
    request = Request(caller, Act.CONCLUDE_INSPECTION, route, key, sent, task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


def _check(plan: Plan, own: str, items: tuple[str, ...]) -> None:
    problems = [
        FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, f"本办件没有事项“{code}”，请核对或删去。")
        for index, code in enumerate(items)
        if code not in plan.item_by_code
    ]
    problems += [
        FieldProblem(f"/items/{index}", FailureCode.INVALID_VALUE, "同一事项只能写一次，请删去。")
        for index, code in enumerate(items)
        if code in items[:index]
    ]
    if own not in items:
        problems.append(FieldProblem("/items", FailureCode.INVALID_VALUE, f"须包括本待办的事项“{own}”，请加上。"))
    if problems:
        raise InvalidInput(problems)


def _answer(recorded: Recorded, task_id: str, item: str, n: int, *, passed: bool | None = None) -> Answer:
    inspection = recorded.state.inspections.get(n)
    clock = recorded.state.clocks.get(inspection_clock(n))
    view = Inspection(
        task_id=task_id,
        case_no=recorded.case_no,
        item=item,
        n=n,
        on=inspection.on if inspection else None,
        due_at=clock.due_at if clock else None,
        passed=passed,
        waiting=list(inspection.waiting) if inspection else [],
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)
