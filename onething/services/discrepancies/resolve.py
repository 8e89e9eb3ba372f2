"""核实: the owner of data that disagree says which value is right."""

from onething.domain.events.lookups import DiscrepancyResolved
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.discrepancies.schemas import ResolutionRequest
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, StoredResponse, answer


class Resolved(CompleteResponseModel):
    task_id: str
    case_no: str
    code: str
    which: str
    seq: int
    at: LocalDateTime


@act_on_task(Act.RESOLVE_DISCREPANCY)
async def resolve(run: TaskRun, request: ResolutionRequest) -> StoredResponse:
    """Raises InvalidInput for a `which` that nobody says, NotAllowed where it is no such task."""
    task = run.task
    code = task.name.subject
    plan = (await run.locked()).plan
    note = sealed_values.resolved(code, task.round)
    event = DiscrepancyResolved(code=code, round=task.round, which=request.which, note=note)
    comparison = plan.comparison_by_code.get(code)
    readers = plan.concerned_by(comparison) if comparison else (task.department,)
    with pointing_at("/which"):
        recorded = await run.record(event, run.sealed(note, {"note": request.note}, readers))
    view = Resolved(
        task_id=task.task_id,
        case_no=run.case_no,
        code=code,
        which=request.which,
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)
