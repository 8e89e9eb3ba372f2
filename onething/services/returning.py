"""退回: who has an item in hand sends an earlier one back to its department, with a reason for its people to read."""

import orjson

from onething.domain.calendar import Calendar
from onething.domain.caller import Caller
from onething.domain.clock_events import CalendarChanged
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events import EVENT, Submitted, Supplemented
from onething.domain.handing_events import ItemReturned
from onething.domain.looking_back import sent_back
from onething.domain.outcome import TaskKind
from onething.domain.plan import Plan
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer, Shown, View, answer
from onething.services.case_views import ItemStanding
from onething.services.office import Office
from onething.services.officers_requests import SendBack
from onething.services.once import Request, once
from onething.services.pointing import pointing_at
from onething.services.standing import item_standings
from onething.services.tasks import OTHERWISE, task_for, telling_who_was_first
from onething.store import cases, journal, tasks
from onething.store.database import Transaction
from onething.store.writing import SealedValue

_WHOLE_JOURNAL = 10_000


class SentBack(View):
    task_id: str
    case_no: str
    item: str
    to: str
    seq: int
    at: Shown
    status: str
    items: list[ItemStanding]


async def send_back(office: Office, caller: Caller, key: str, task_id: str, sent: SendBack) -> Answer:
    """Raises InvalidInput for a `to` that the item does not need, NotAllowed, DecidedAlready."""

    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, Act.SEND_BACK, task_id)
        if task.kind != TaskKind.DECIDE:
            detail = OTHERWISE.get(task.kind, "这不是办理事项的待办，没有可以退回的前一事项。")
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        event = await _event(office, tx, task, sent.to)
        sealed = office.papers(task.case_no).seal(event.reason, {"reason": sent.reason})
        why = SealedValue(event.reason, sealed, await _concerned(office, tx, task.case_no, sent.to))
        with pointing_at("/to"):
            recorded = await office.door.record(tx, task.case_no, event, values=[why])
        view = SentBack(
            task_id=task_id,
            case_no=task.case_no,
            item=task.item,
            to=sent.to,
            seq=recorded.seq,
            at=recorded.at,
            status=recorded.state.status,
            items=item_standings(recorded.plan, recorded.state),
        )
        return answer(view)

    case_no = task_id.partition("-")[0]
    request = Request(caller, Act.SEND_BACK, f"POST /api/tasks/{task_id}/return", key, sent, case_no, task_id)
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


async def _event(office: Office, tx: Transaction, task: tasks.Task, to: str) -> ItemReturned:
    """The last decision on what is sent back stands in the journal since before the task was opened."""
    lines = [
        (line.seq, line.at, EVENT.validate_json(orjson.dumps(line.event)))
        for line in await journal.lines(tx, task.case_no, limit=_WHOLE_JOURNAL)
    ]
    plans: dict[str, Plan] = {}
    calendars: dict[str, Calendar] = {}
    for _, _, event in lines:
        if isinstance(event, Submitted | Supplemented) and event.plan is not None:
            plans[event.plan] = await office.shelf.plan(tx, event.plan)
        if isinstance(event, Submitted | CalendarChanged):
            digest = event.calendar if isinstance(event, Submitted) else event.new
            calendars[digest] = await office.shelf.calendar(tx, digest)
    reason = papers.sent_back(task.item, task.round)
    return sent_back(plans, calendars, lines, item=task.item, visit=task.round, to=to, reason=reason)


async def _concerned(office: Office, tx: Transaction, case_no: str, item: str) -> tuple[str, ...]:
    """Departments that hold the item, or one that needs it."""
    found = await cases.state(tx, case_no)
    plan = await office.shelf.plan_of(tx, found[1]) if found else None
    if plan is None or item not in plan.item_by_code:
        return ()
    return tuple(dict.fromkeys(plan.item_by_code[code].department for code in (item, *plan.dependants[item])))
