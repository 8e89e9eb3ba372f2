"""认领和放回: who works on a task."""

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events import TaskClaimed, TaskReleased
from onething.domain.outcome import TaskKind
from onething.security.policy import Act
from onething.services.answers import Answer, answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.task_views import TaskStanding
from onething.services.tasks import OTHERWISE, task_for, telling_who_was_first
from onething.store.database import Transaction


async def claim(office: Office, caller: Caller, key: str, task_id: str) -> Answer:
    """Raises NotAllowed CLAIMED_BY_ANOTHER; claiming one's own again changes nothing."""
    return await _say(office, caller, key, task_id, Act.CLAIM)


async def release(office: Office, caller: Caller, key: str, task_id: str) -> Answer:
    """Whoever claimed it, or a leader, gives it back to the queue."""
    return await _say(office, caller, key, task_id, Act.RELEASE)


async def _say(office: Office, caller: Caller, key: str, task_id: str, act: Act) -> Answer:
    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, act, task_id)
        if task.kind == TaskKind.UNDO:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "人工撤销的待办不需要认领，办完后直接登记即可。")
        if task.kind == TaskKind.CONSULT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "征求意见的待办不需要认领，请直接答复。")
        if task.kind in OTHERWISE:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, f"不需要认领：{OTHERWISE[task.kind]}")
        said = TaskClaimed if act is Act.CLAIM else TaskReleased
        recorded = await office.door.record(tx, task.case_no, said(item=task.item, round=task.round))
        taken = act is Act.CLAIM
        return answer(
            TaskStanding(
                task_id=task_id,
                case_no=task.case_no,
                item=task.item,
                claimed_by=caller.subject if taken else None,
                claimed_at=recorded.at if taken else None,
            )
        )

    route, case_no = f"POST /api/tasks/{task_id}/{act}", task_id.partition("-")[0]
    request = Request(caller, act, route, key, case_no=case_no, task_id=task_id)
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)
