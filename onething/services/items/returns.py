"""退回: who has an item in hand sends an earlier one back to its department, with a reason for its people to read."""

import orjson

from onething.domain.calendar.days import Calendar
from onething.domain.engine.replay import sent_back
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.events.items import ItemReturned
from onething.domain.events.union import EVENT
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.core.context import AppContext
from onething.services.items.schemas import ReturnRequest
from onething.services.summaries.case_summary import ItemStanding, item_standings
from onething.services.summaries.responses import LocalDateTime, ResponseModel, StoredResponse, answer
from onething.store.connection.database import Transaction
from onething.store.record import journal
from onething.store.tables import cases, tasks

_WHOLE_JOURNAL = 10_000


class SentBack(ResponseModel):
    task_id: str
    case_no: str
    item: str
    to: str
    seq: int
    at: LocalDateTime
    status: str
    items: list[ItemStanding]


@act_on_task(Act.SEND_BACK)
async def send_back(run: TaskRun, request: ReturnRequest) -> StoredResponse:
    """Raises InvalidInput for a `to` that the item does not need, NotAllowed."""
    task = run.task
    event = await _event(run.context, run.tx, task, request.to)
    concerned = await _concerned(run.context, run.tx, run.case_no, request.to)
    with pointing_at("/to"):
        recorded = await run.record(event, run.sealed(event.reason, {"reason": request.reason}, concerned))
    view = SentBack(
        task_id=task.task_id,
        case_no=run.case_no,
        item=task.item,
        to=request.to,
        seq=recorded.seq,
        at=recorded.at,
        status=recorded.state.status,
        items=item_standings(recorded.plan, recorded.state),
    )
    return answer(view)


async def _event(context: AppContext, tx: Transaction, task: tasks.Task, to: str) -> ItemReturned:
    """The last decision on what is sent back stands in the journal since before the task was opened."""
    lines = [
        (line.seq, line.at, EVENT.validate_json(orjson.dumps(line.event)))
        for line in await journal.lines(tx, task.case_no, limit=_WHOLE_JOURNAL)
    ]
    plans: dict[str, Plan] = {}
    calendars: dict[str, Calendar] = {}
    for _, _, event in lines:
        if isinstance(event, Submitted | Supplemented) and event.plan is not None:
            plans[event.plan] = await context.plan_cache.plan(tx, event.plan)
        if isinstance(event, Submitted | CalendarChanged):
            digest = event.calendar if isinstance(event, Submitted) else event.new
            calendars[digest] = await context.plan_cache.calendar(tx, digest)
    reason = sealed_values.sent_back(task.item, task.round)
    return sent_back(plans, calendars, lines, item=task.item, round_no=task.round, to=to, reason=reason)


async def _concerned(context: AppContext, tx: Transaction, case_no: str, item: str) -> tuple[str, ...]:
    """Departments that hold the item, or one that needs it."""
    found = await cases.state(tx, case_no)
    plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
    if plan is None or item not in plan.item_by_code:
        return ()
    return tuple(dict.fromkeys(plan.item_by_code[code].department for code in (item, *plan.dependants[item])))
