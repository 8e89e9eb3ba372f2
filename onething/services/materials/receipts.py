"""收取纸质件: papers that are there, as whoever received them says: the counter, or the department that needs them.

What the applicant's side says of papers is an announcement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from onething.domain.errors import FieldProblem, require_valid
from onething.domain.events.intake import PapersReceived, VersionReceived
from onething.domain.kernel.state import CaseState
from onething.domain.materials import next_version
from onething.domain.plan.plan import Plan
from onething.security.policy import Act, require
from onething.services import visits
from onething.services.application.offline import received_offline
from onething.services.application.papers import paper_problems
from onething.services.core.access import facts_of
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.visibility import departments_of
from onething.services.materials.schemas import ReceiptRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.record import journal
from onething.store.record.case_writer import Recorded
from onething.store.tables import materials


@act_on_case(Act.RECEIVE_PAPER)
async def receive(run: CaseRun, request: ReceiptRequest) -> StoredResponse:
    """Raises InvalidInput for what this case does not need, NotPermitted for what a department's items do not look at,
    NotAllowed for what nobody waits for."""
    before = await run.locked()
    codes = list(dict.fromkeys(request.materials))
    require_valid(_problems(before.plan, codes))
    if run.principal.department is not None:
        for code in codes:
            concerned = departments_of(before.plan, before.plan.material_by_code[code].needed_by)
            facts = replace(facts_of(run.tx, run.head), departments=concerned)
            require(run.principal, Act.RECEIVE_PAPER, facts)
    received = received_offline(
        run.principal, request.received, run.context.clock.now(), await _asked_at(run) if request.received else None
    )
    event = PapersReceived(
        materials=tuple(codes), versions=as_papers(before.state, codes), how=request.how, received=received
    )
    recorded = await run.record(event)
    await materials.receive_papers(run.tx, run.case_no, codes, run.context.clock.now())
    if request.how == "hand":
        visits.note(run.context, run.tx, run.principal, recorded, run.head.outlet)
    return standing(recorded)


async def _asked_at(run: CaseRun) -> datetime | None:
    """When something was last asked for, or the application came: nobody had received it by then."""
    last = (await journal.of_kinds(run.tx, run.case_no, ("submitted", "corrections_asked"), limit=1))[0]
    slip = last.event.get("received")
    return datetime.fromisoformat(slip["at"]) if slip else last.at


async def received_with(run: CaseRun, before: Recorded, codes: Sequence[str]) -> Recorded:
    """Papers that the counter takes in together with what else it says. Raises NotPermitted, NotAllowed."""
    require(run.principal, Act.RECEIVE_PAPER, facts_of(run.tx, run.head))
    recorded = await run.record(PapersReceived(materials=tuple(codes), versions=as_papers(before.state, codes)))
    await materials.receive_papers(run.tx, run.case_no, codes, run.context.clock.now())
    return recorded


def as_papers(state: CaseState, codes: Iterable[str]) -> tuple[VersionReceived, ...]:
    return tuple(VersionReceived(code=code, version=next_version(state, code)) for code in codes)


def _problems(plan: Plan, codes: Iterable[str]) -> Iterator[FieldProblem]:
    for index, code in enumerate(codes):
        for problem in paper_problems(plan, code, index):
            yield FieldProblem(f"/materials/{index}", problem.code, problem.detail)
