"""再次查询: a data source is asked anew at once. What comes of it shows in the case, not in this answer."""

from typing import Literal

from onething.domain.errors import FailureCode
from onething.domain.events.lookups import LookUpRetried
from onething.domain.lookups.guards import AGAIN_AFTER
from onething.security.policy import Act, NotPermitted
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.lookups.outcome import departments_of
from onething.services.lookups.pending import AskedView, pending_lookups
from onething.services.summaries.responses import LocalDateTime, ResponseModel, StoredResponse, answer
from onething.store.record.case_writer import Recorded

_NOT_YOURS = "本部门的事项不需要这项数据，请由需要它的部门或窗口再次查询。"


class Retried(ResponseModel):
    """`took` says no more than that the source is asked: whether it answers, the case tells (`asked`, timeline).
    `again_from`: when it may be asked anew once more."""

    case_no: str
    seq: int
    at: LocalDateTime
    took: Literal["asked"] = "asked"
    data: AskedView
    again_from: LocalDateTime


async def _require_concern(run: CaseRun, data: str) -> None:
    """A department has asked anew what its own items need."""
    if run.principal.department is not None:
        plan = (await run.locked()).plan
        if data in plan.data_by_key and run.principal.department not in departments_of(plan, data):
            raise NotPermitted(FailureCode.NOT_PERMITTED, _NOT_YOURS)


@act_on_case(Act.RETRY_LOOK_UP, recheck=_require_concern)
async def retry(run: CaseRun, data: str) -> StoredResponse:
    """By the counter, or a department whose item needs it. Raises NotPermitted; NotAllowed for what is in hand or
    supplied, and TooSoon."""
    await _require_concern(run, data)
    recorded = await run.record(LookUpRetried(data=data))
    view = Retried(
        case_no=run.case_no,
        seq=recorded.seq,
        at=recorded.at,
        data=_asked(run.context, recorded, data),
        again_from=recorded.at + AGAIN_AFTER,
    )
    return answer(view)


def _asked(context: AppContext, recorded: Recorded, data: str) -> AskedView:
    catalog = context.catalog
    [one] = [
        one
        for one in pending_lookups(recorded.plan, recorded.state, catalog.sources, catalog.departments)
        if one.key == data
    ]
    return one
