"""不予受理: with reason and basis, sealed."""

from onething.domain.events import Rejected
from onething.security.policy import Act
from onething.services import papers
from onething.services.acts import CaseRun, act_on_case
from onething.services.answers import Answer
from onething.services.requests import Rejection
from onething.services.standing import standing


@act_on_case(Act.REJECT)
async def reject(run: CaseRun, request: Rejection) -> Answer:
    """Raises NotAllowed once the case is accepted or ended."""
    notice = papers.new_notice()
    value = run.sealed(notice, request.model_dump(), ())  # no department is concerned by what was never accepted
    return standing(await run.record(Rejected(notice=notice), value))
