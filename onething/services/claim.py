"""认领、放回和转交: who works on a task."""

from onething.domain.caller import Caller, Role
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events import TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.outcome import TaskKind
from onething.security.policy import Act
from onething.services.answers import Answer, answer
from onething.services.office import Office
from onething.services.officers_requests import Transfer
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


async def transfer(office: Office, caller: Caller, key: str, task_id: str, sent: Transfer) -> Answer:
    """Whoever claimed it, or a leader, hands it to a colleague. Raises InvalidInput for who isn't one.

    Accounts of a sign-on of the government's are not known here: then any name is taken. Nobody but the department's
    own people can act on the task whatever name is on it, and its leader can take it off again.
    """
    return await _say(office, caller, key, task_id, Act.TRANSFER, sent)


def _require_colleague(office: Office, to: str, department: str) -> None:
    if to in office.catalog.departments:
        detail = "不能转交其他部门：职责只随机构改革移交（onething departments move）。请写本部门经办人的账户。"
        raise InvalidInput([FieldProblem("/to", FailureCode.INVALID_VALUE, detail)])
    known = office.accounts.of(to) if office.accounts else None
    colleague = known is not None and known.department == department and known.role in (Role.OFFICER, Role.LEADER)
    if office.accounts and not colleague:
        detail = f"“{to}”不是本部门的经办人或负责人，不能转交；职责只随机构改革移交（onething departments move）。"
        raise InvalidInput([FieldProblem("/to", FailureCode.INVALID_VALUE, detail)])


async def _say(
    office: Office, caller: Caller, key: str, task_id: str, act: Act, sent: Transfer | None = None
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, act, task_id)
        if task.kind == TaskKind.UNDO:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "人工撤销的待办不需要认领，办完后直接登记即可。")
        if task.kind == TaskKind.CONSULT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "征求意见的待办不需要认领，请直接答复。")
        if task.kind in OTHERWISE:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, f"不需要认领：{OTHERWISE[task.kind]}")
        event: TaskClaimed | TaskReleased | TaskTransferred
        if sent is not None:
            _require_colleague(office, sent.to, task.department)
            event = TaskTransferred(item=task.item, round=task.round, to=sent.to)
        else:
            event = (TaskClaimed if act is Act.CLAIM else TaskReleased)(item=task.item, round=task.round)
        recorded = await office.door.record(tx, task.case_no, event)
        taken = act is not Act.RELEASE
        return answer(
            TaskStanding(
                task_id=task_id,
                case_no=task.case_no,
                item=task.item,
                claimed_by=(sent.to if sent else caller.subject) if taken else None,
                claimed_at=recorded.at if taken else None,
            )
        )

    route, case_no = f"POST /api/tasks/{task_id}/{act}", task_id.partition("-")[0]
    request = Request(caller, act, route, key, sent, case_no=case_no, task_id=task_id)
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)
