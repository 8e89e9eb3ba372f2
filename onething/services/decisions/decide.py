"""决定: an officer approves or refuses an item, or records that something was undone by hand."""

from onething.domain.consults.guards import NotSigned
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import UndoneByHand
from onething.domain.kernel.step_result import TaskKind
from onething.domain.lookups.answers import Decided
from onething.security.policy import Act
from onething.services.application import decision
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.context import Office
from onething.services.core.task_access import OTHERWISE, item_of
from onething.services.decisions.schemas import Decided as DecidedView
from onething.services.decisions.schemas import Decision
from onething.services.summaries.case_summary import item_standings
from onething.services.summaries.responses import Answer, answer
from onething.store.record.rows import SealedValue
from onething.store.tables import tasks


@act_on_task(Act.DECIDE)
async def decide(run: TaskRun, request: Decision) -> Answer:
    """Raises InvalidInput, NotAllowed."""
    office, task = run.office, run.task
    if task.kind == TaskKind.CONSULT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这是其他部门征求意见的待办，请用 answer 答复。")
    if task.kind in OTHERWISE:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, OTHERWISE[task.kind])
    event, values = _undone(task, request) if task.kind == TaskKind.UNDO else _decision(office, task, request)
    try:
        recorded = await run.record(event, *values)
    except NotSigned as refusal:
        names = "、".join(map(office.department, refusal.departments))
        detail = f"会签尚未完成，还缺{names}的同意。请等其答复，或再次会签；不予办理不需要会签。"
        raise NotAllowed(refusal.code, detail) from None
    view = DecidedView(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        outcome=request.outcome,
        seq=recorded.seq,
        at=recorded.at,
        status=recorded.state.status,
        items=item_standings(recorded.plan, recorded.state),
    )
    return answer(view)


def _undone(task: tasks.Task, request: Decision) -> tuple[UndoneByHand, list[SealedValue]]:
    if request.outcome != "undone" or request.outputs:
        detail = "这是人工撤销的待办：outcome 请写 undone，不填写结果。"
        raise InvalidInput([FieldProblem("/outcome", FailureCode.INVALID_VALUE, detail)])
    return UndoneByHand(effect=task.name, round=task.round), []


def _decision(office: Office, task: tasks.Task, request: Decision) -> tuple[ItemDecided, list[SealedValue]]:
    definition = office.applications.definition(task.bundle)
    item = item_of(definition, task.item).model_copy(update={"department": task.department})
    if request.outcome == "undone":
        detail = "请选择准予（approve）或不予（refuse）。"
        raise InvalidInput([FieldProblem("/outcome", FailureCode.INVALID_VALUE, detail)])
    said = Decided(request.outcome, request.opinion, request.outputs, tuple(request.despite))
    return decision.sealed(office.papers(task.case_no), definition, item, task.round, said)
