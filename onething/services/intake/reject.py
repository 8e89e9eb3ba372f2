"""不予受理: with reason and basis, sealed."""

from onething.domain.events.intake import Rejected
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.intake.schemas import RejectionRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.REJECT)
async def reject(run: CaseRun, request: RejectionRequest) -> StoredResponse:
    """Raises NotAllowed once the case is accepted or ended."""
    notice = sealed_values.new_notice()
    value = run.sealed(notice, request.model_dump(), ())  # no department is concerned by what was never accepted
    return standing(await run.record(Rejected(notice=notice), value))
