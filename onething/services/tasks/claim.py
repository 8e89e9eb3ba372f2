"""认领、放回和转交: who works on a task."""

from datetime import datetime

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.events.tasks import TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.principal import Role
from onething.security.policy import Act
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.context import AppContext
from onething.services.decisions.schemas import TaskStanding
from onething.services.summaries.responses import StoredResponse, answer
from onething.services.tasks.schemas import TransferRequest
from onething.store.tables import tasks


@act_on_task(Act.CLAIM)
async def claim(run: TaskRun) -> StoredResponse:
    """Raises NotAllowed CLAIMED_BY_ANOTHER; claiming one's own again changes nothing."""
    recorded = await run.record(TaskClaimed(item=run.task.item, round=run.task.round))
    return _standing(run.task, run.principal.subject, recorded.at)


@act_on_task(Act.RELEASE)
async def release(run: TaskRun) -> StoredResponse:
    """Whoever claimed it, or a leader, gives it back to the queue."""
    await run.record(TaskReleased(item=run.task.item, round=run.task.round))
    return _standing(run.task)


@act_on_task(Act.TRANSFER)
async def transfer(run: TaskRun, request: TransferRequest) -> StoredResponse:
    """Whoever claimed it, or a leader, hands it to a colleague. Raises InvalidInput for who isn't one.

    Accounts of a sign-on of the government's are not known here: then any name is taken. Nobody but the department's
    own people can act on the task whatever name is on it, and its leader can take it off again.
    """
    _require_colleague(run.context, request.to, run.task.department)
    recorded = await run.record(TaskTransferred(item=run.task.item, round=run.task.round, to=request.to))
    return _standing(run.task, request.to, recorded.at)


def _require_colleague(context: AppContext, to: str, department: str) -> None:
    if to in context.catalog.departments:
        detail = "不能转交其他部门：职责只随机构改革移交（onething departments move）。请写本部门经办人的账户。"
        raise InvalidInput([FieldProblem("/to", FailureCode.INVALID_VALUE, detail)])
    known = context.accounts.of(to) if context.accounts else None
    colleague = known is not None and known.department == department and known.role in (Role.OFFICER, Role.LEADER)
    if context.accounts and not colleague:
        detail = f"“{to}”不是本部门的经办人或负责人，不能转交；职责只随机构改革移交（onething departments move）。"
        raise InvalidInput([FieldProblem("/to", FailureCode.INVALID_VALUE, detail)])


def _standing(task: tasks.Task, claimed_by: str | None = None, claimed_at: datetime | None = None) -> StoredResponse:
    view = TaskStanding(
        task_id=task.task_id, case_no=task.case_no, item=task.item, claimed_by=claimed_by, claimed_at=claimed_at
    )
    return answer(view)
