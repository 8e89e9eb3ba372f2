"""撤销准予: whoever approved on a promise that was broken decides whether that stands."""

from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.state import nth_check
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.summaries.case_summary import ItemStanding, item_standings
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, StoredResponse, answer
from onething.services.undo.schemas import RevocationRequest


class RevocationView(CompleteResponseModel):
    task_id: str
    case_no: str
    item: str
    revoked: bool
    seq: int
    at: LocalDateTime
    status: str
    items: list[ItemStanding]


@act_on_task(Act.DECIDE_REVOCATION)
async def decide(run: TaskRun, request: RevocationRequest) -> StoredResponse:
    """What is taken back is undone as its definition says, and its certificates are revoked by the line of the journal
    that says so. Raises NotAllowed where it is no such task, or other promises have to be checked before."""
    task = run.task
    before = await run.locked()
    asked = before.state.revocations.get(task.item)
    material = asked.material if asked else None
    opinion = sealed_values.revocation(task.item, task.round)
    event = RevocationDecided(
        item=task.item,
        round=task.round,
        revoke=request.revoke,
        opinion=opinion,
        material=material,
        finding=sealed_values.finding(material, nth_check(before.state.checks, material)) if material else None,
        review=asked.review if asked else False,
        unsupplied=asked.unsupplied if asked else None,
    )
    recorded = await run.record(event, run.sealed(opinion, {"opinion": request.opinion}, (task.department,)))
    view = RevocationView(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        revoked=request.revoke,
        seq=recorded.seq,
        at=recorded.at,
        status=recorded.state.status,
        items=item_standings(recorded.plan, recorded.state),
    )
    return answer(view)
