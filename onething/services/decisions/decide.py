"""决定: an officer approves or refuses an item, or records that something was undone by hand."""

from onething.domain.consults.guards import NotSigned
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events.undo import UndoneByHand
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.domain.lookups.answers import DepartmentDecision
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application.base import pointing_at
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.task_access import item_of
from onething.services.decisions import outputs
from onething.services.decisions.schemas import DecisionRequest
from onething.services.decisions.schemas import DecisionResponse as DecidedView
from onething.services.summaries.case_summary import item_standings
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.tables import tasks

SEEN = (FailureCode.MISSING_VALUE, FailureCode.UNKNOWN_MATERIAL)
"""How the rules refuse what is said of the versions that were seen; that a newer one came is a conflict."""


@act_on_task(Act.DECIDE)
async def decide(run: TaskRun, request: DecisionRequest) -> StoredResponse:
    """Raises InvalidInput, NotAllowed."""
    context, task = run.context, run.task
    try:
        if task.kind == TaskKind.UNDO:
            recorded = await run.record(_undone(task, request))
        else:
            decided = await _decision(run, request)
            with pointing_at("/seen", SEEN), pointing_at("/conditions"):
                recorded = await run.record(decided.event, *decided.values, numbers=decided.numbers)
    except NotSigned as refusal:
        names = "、".join(map(context.department, refusal.departments))
        detail = f"会签尚未完成，还缺{names}的同意。请等其答复，或再次会签；没有办成的不需要会签。"
        raise NotAllowed(refusal.code, detail) from None
    view = DecidedView(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        outcome=request.outcome,
        outcome_name=None if task.kind == TaskKind.UNDO else _name(recorded.plan, task.item, request.outcome),
        seq=recorded.seq,
        at=recorded.at,
        status=recorded.state.status,
        items=item_standings(recorded.plan, recorded.state),
    )
    return answer(view)


def _name(plan: Plan, item: str, code: str) -> str | None:
    outcome = plan.item_by_code[item].outcome(code)
    return outcome.name if outcome else None


def _undone(task: tasks.Task, request: DecisionRequest) -> UndoneByHand:
    if request.outcome != "undone" or request.outputs:
        detail = "这是人工撤销的待办：outcome 请写 undone，不填写结果。"
        raise InvalidInput([FieldProblem("/outcome", FailureCode.INVALID_VALUE, detail)])
    return UndoneByHand(effect=task.name, round=task.round)


async def _decision(run: TaskRun, request: DecisionRequest) -> outputs.SealedDecision:
    context, task = run.context, run.task
    definition = context.applications.definition(task.bundle)
    item = item_of(definition, task.item)
    if item.department != task.department:  # its duties moved
        item = item.model_copy(update={"department": task.department})
    despite = tuple(request.despite)
    said = DepartmentDecision(request.outcome, request.opinion, request.outputs, despite, request.conditions)
    values, index, today = context.values(task.case_no), context.index, context.today()
    applied = await outputs.application_of(run.tx, values, definition, item)
    return outputs.sealed(
        values, index, definition, item, task.round, said, seen=request.seen, applied=applied, today=today
    )
