"""中止和恢复: an item's time stands still for a special procedure or force majeure, and runs on."""

from onething.domain.caller import Caller, Role
from onething.domain.clock_events import ClockResumed, ClockSuspended
from onething.domain.clocks import PauseBasis
from onething.domain.errors import FailureCode
from onething.security.policy import Act, NotPermitted
from onething.services import papers
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.officers_requests import Suspension
from onething.services.once import Request, once
from onething.services.standing import item_time
from onething.services.tasks import item_task_for, telling_who_was_first
from onething.store.database import Transaction
from onething.store.writing import SealedValue


async def suspend(office: Office, caller: Caller, key: str, task_id: str, sent: Suspension) -> Answer:
    """Special procedures are the department's to say, force majeure a supervisor's. Raises NotPermitted, and NotAllowed
    where the item is not open, its definition knows no such pause, or its statutory time is over."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.SUSPEND, task_id)
        basis = PauseBasis(sent.basis)
        _require_authority(caller, basis)
        notice = papers.new_notice()
        sealed = office.papers(task.case_no).seal(notice, sent.model_dump())
        event = ClockSuspended(item=task.item, basis=basis, expected_days=sent.days, notice=notice)
        value = SealedValue(notice, sealed, departments=(task.department,))
        recorded = await office.door.record(tx, task.case_no, event, values=[value])
        return item_time(recorded, task_id, task.item)

    request = Request(caller, Act.SUSPEND, f"POST /api/tasks/{task_id}/suspend", key, sent, task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


async def resume(office: Office, caller: Caller, key: str, task_id: str) -> Answer:
    """What was left when it stopped is left. Raises NotPermitted, and NotAllowed unless it is suspended."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.RESUME, task_id)
        recorded = await office.door.record(tx, task.case_no, ClockResumed(item=task.item))
        return item_time(recorded, task_id, task.item)

    request = Request(caller, Act.RESUME, f"POST /api/tasks/{task_id}/resume", key, case_no=task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


def _require_authority(caller: Caller, basis: PauseBasis) -> None:
    supervises, forced = caller.role is Role.SUPERVISOR, basis is PauseBasis.FORCE_MAJEURE
    if forced and not supervises:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "以不可抗力中止须经督办员批准，请由督办员办理。")
    if supervises and not forced:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "特殊程序由承办部门中止；督办员只能以不可抗力中止。")
