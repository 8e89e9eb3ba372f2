"""催办和督办: somebody asks to get on with it, and a department of the case answers."""

from collections.abc import Sequence

from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.followup import Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.followup.guards import supervision_of, urge_of, urges_of
from onething.domain.followup.urges import departments_asked
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.custody import asked_to_answer
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal, Role
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.application.base import RequestModel
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.followup.schemas import (
    SupervisionReplyRequest,
    SupervisionRequest,
    UrgeReplyRequest,
    UrgeRequest,
)
from onething.services.summaries.case_summary import Reminded
from onething.services.summaries.responses import ResponseModel, StoredResponse, answer
from onething.store.record.case_writer import Recorded
from onething.store.tables import cases

_Reminder = Urged | UrgeAnswered | Supervised | SupervisionAnswered


@act_on_case(Act.URGE)
async def urge(run: CaseRun, request: UrgeRequest) -> StoredResponse:
    """Raises TooSoon within a working day of that side's last urge, NotAllowed where the case or the item is not being
    handled."""
    notice = sealed_values.new_notice() if request.text else None
    by_supervisor = run.principal.role is Role.SUPERVISOR
    event = Urged(item=request.item, notice=notice, by_supervisor=by_supervisor)
    recorded = await _record(run, event, request, await _asked(run, request.item))
    return _reminded(recorded, urge_of(recorded.state, by_supervisor=by_supervisor))


@act_on_case(Act.ANSWER_URGE)
async def answer_urge(run: CaseRun, request: UrgeReplyRequest) -> StoredResponse:
    """By the department that it is about; of two the older first. Raises NotPermitted, and NotAllowed if nothing waits
    for an answer."""
    state, plan = await _now(run)
    clock = _mine(run.principal, plan, state, urges_of(state))
    event = UrgeAnswered(clock=clock, notice=sealed_values.new_notice())
    return _reminded(await _record(run, event, request, (str(run.principal.department),)), clock, state)


@act_on_case(Act.SUPERVISE)
async def supervise(run: CaseRun, request: SupervisionRequest) -> StoredResponse:
    """Raises NotAllowed while the last one of the same item, or of the case, waits for its answer."""
    event = Supervised(item=request.item, days=request.days, notice=sealed_values.new_supervision())
    recorded = await _record(run, event, request, await _asked(run, request.item))
    return _reminded(recorded, supervision_of(recorded.state, request.item))


@act_on_case(Act.ANSWER_SUPERVISION)
async def answer_supervision(run: CaseRun, request: SupervisionReplyRequest) -> StoredResponse:
    """By the department of the item, or any of the case. Raises as `answer_urge`."""
    state, plan = await _now(run)
    one = supervision_of(state, request.item)
    clock = _mine(run.principal, plan, state, [] if one is None else [one])
    event = SupervisionAnswered(clock=clock, notice=sealed_values.new_supervision())
    return _reminded(await _record(run, event, request, (str(run.principal.department),)), clock, state)


async def _asked(run: CaseRun, item: str | None) -> tuple[str, ...]:
    """Who are to read it."""
    state, plan = await _now(run)
    return departments_asked(plan, state, item)


async def _now(run: CaseRun) -> tuple[CaseState, Plan]:
    """As it stands, not locked: an answer names its clock, and the case writer looks whether that still runs."""
    found = await cases.state(run.tx, run.case_no)
    if found is None:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件还是草稿，请先提交。")
    return found[1], await run.context.plan_cache.plan_of(run.tx, found[1])


def _mine(principal: Principal, plan: Plan, state: CaseState, waiting: Sequence[ClockId]) -> ClockId:
    """The first of these clocks that waits for the caller's department."""
    if not waiting:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "没有等待答复的催办或督办，可能已经答复，或者事项已经办结。")
    for clock in waiting:
        reply = state.clocks[clock].reply
        if reply is None or principal.department in asked_to_answer(plan, reply):
            return clock
    raise NotPermitted(FailureCode.NOT_PERMITTED, "这次催办或督办没有发给贵部门，请由收到的部门答复。")


async def _record(
    run: CaseRun,
    event: Urged | UrgeAnswered | Supervised | SupervisionAnswered,
    request: RequestModel,
    readers: tuple[str, ...],
) -> Recorded:
    """With what was written, if something was."""
    content = request.model_dump(exclude_none=True)
    values = [] if event.notice is None else [run.sealed(event.notice, content, readers)]
    return await run.record(event, *values)


def _reminded(recorded: Recorded, clock: ClockId | None, before: CaseState | None = None) -> StoredResponse:
    """How it stands; `before`: the state in which the clock still ran."""
    if clock is None:
        raise AssertionError("what was just recorded has a clock")
    running = (before or recorded.state).clocks[clock]
    view: ResponseModel = Reminded(
        case_no=recorded.case_no,
        clock=clock,
        item=running.reply.item if running.reply else None,
        seq=recorded.seq,
        at=recorded.at,
        due_at=running.due_at,
        answered=before is not None,
    )
    return answer(view)
