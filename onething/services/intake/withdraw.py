"""撤回: the applicant's side takes the application back; what was done is undone."""

from onething.domain.events.intake import Withdrawn
from onething.security.policy import Act
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.WITHDRAW)
async def withdraw(run: CaseRun) -> StoredResponse:
    """Raises NotAllowed when all is decided already."""
    return standing(await run.record(Withdrawn()))
