"""延长期限: more time by law, once, with the approver's rank and the reason (行政许可法 Art. 42)."""

from onething.domain.calendar.limits import ExtensionRank
from onething.domain.deadlines.extensions import extension_of
from onething.domain.deadlines.pauses import extended_with
from onething.domain.events.deadlines import ClockExtended
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import CaseRun, TaskRun, act_on_case, act_on_task
from onething.services.deadlines.schemas import ExtensionRequest
from onething.services.summaries.case_summary import item_time, standing
from onething.services.summaries.clocks import DueMovedView, moved
from onething.services.summaries.responses import StoredResponse
from onething.store.record.case_writer import Recorded


@act_on_task(Act.EXTEND_ITEM)
async def extend_item(run: TaskRun, request: ExtensionRequest) -> StoredResponse:
    """With the approval of whom the law names. Raises InvalidInput beyond the law's limit, and NotAllowed a second
    time, when the time is over, or where no law allows it."""
    before = await run.locked()
    allowed = extension_of(before.plan, run.task.item)
    event = _extension(run.task.item, request, allowed.approver if allowed else ExtensionRank.AGENCY_HEAD)
    with pointing_at("/days"):
        recorded = await run.record(event, run.sealed(event.notice, request.model_dump(), (run.task.department,)))
    return item_time(recorded, run.task, _moved(before, recorded, run.task.item))


@act_on_case(Act.EXTEND_CASE)
async def extend_case(run: CaseRun, request: ExtensionRequest) -> StoredResponse:
    """With the approval of the government's head, which joint handling needs. Raises as `extend_item`."""
    event = _extension(None, request, ExtensionRank.GOVERNMENT_HEAD)
    value = run.sealed(event.notice, request.model_dump())  # every department of the case has to know
    before = await run.locked()
    with pointing_at("/days"):
        recorded = await run.record(event, value)
    return standing(recorded, _moved(before, recorded, None))


def _moved(before: Recorded, after: Recorded, item: str | None) -> tuple[DueMovedView, ...]:
    """Which clocks the extension has lengthened: that of the law, and the promise if it counts in the same unit."""
    return moved(extended_with(after.plan, item), before.state, after.state)


def _extension(item: str | None, request: ExtensionRequest, rank: ExtensionRank) -> ClockExtended:
    return ClockExtended(item=item, amount=request.days, rank=rank, notice=sealed_values.new_notice())
