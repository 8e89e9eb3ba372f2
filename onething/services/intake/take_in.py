"""收件: a clerk has looked at an application that came online, and goes on with it. What an office asks for by duty is
asked for from now on, so that it can be judged whether anything is missing."""

from onething.domain.events.parties import TakenIn
from onething.security.policy import Act
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.TAKE_IN)
async def take_in(run: CaseRun) -> StoredResponse:
    """Raises NotAllowed where it was taken in already; whatever a counter submits is, at once."""
    return standing(await run.record(TakenIn()))
