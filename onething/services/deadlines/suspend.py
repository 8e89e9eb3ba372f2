"""中止和恢复: an item's time stands still for a procedure or force majeure, and runs on."""

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.errors import FailureCode
from onething.domain.events.deadlines import ClockResumed, ClockSuspended
from onething.domain.principal import Role
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.deadlines.schemas import SuspensionRequest
from onething.services.summaries.case_summary import item_time
from onething.services.summaries.responses import StoredResponse


async def _require_authority(run: TaskRun, request: SuspensionRequest) -> None:
    supervises, forced = run.principal.role is Role.SUPERVISOR, request.basis == PauseBasis.FORCE_MAJEURE.value
    if forced and not supervises:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "以不可抗力中止须经督办员批准，请由督办员办理。")
    if supervises and not forced:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "依法需要的程序由承办部门中止；督办员只能以不可抗力中止。")


@act_on_task(Act.SUSPEND, recheck=_require_authority)
async def suspend(run: TaskRun, request: SuspensionRequest) -> StoredResponse:
    """Special procedures are the department's to say, force majeure a supervisor's. Raises NotPermitted, and NotAllowed
    where the item is not open, its definition knows no such pause, or its statutory time is over; InvalidInput where
    it would take longer than the definition allows."""
    await _require_authority(run, request)
    notice = sealed_values.new_notice()
    event = ClockSuspended(
        item=run.task.item, basis=PauseBasis(request.basis), expected_days=request.days, notice=notice
    )
    with pointing_at("/days"):
        recorded = await run.record(event, run.sealed(notice, request.model_dump(), (run.task.department,)))
    return item_time(recorded, run.task)


@act_on_task(Act.RESUME)
async def resume(run: TaskRun) -> StoredResponse:
    """What was left when it stopped is left. Raises NotAllowed unless it is suspended."""
    return item_time(await run.record(ClockResumed(item=run.task.item)), run.task)
