"""催办和督办: somebody asks to get on with it, and a department of the case answers."""

from collections.abc import Sequence

from onething.domain.caller import Caller, Role
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events import Fact
from onething.domain.follow_up_events import Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.plan import Plan
from onething.domain.state import CaseState
from onething.domain.urge_moves import supervision_of, urge_of, urges_of
from onething.security.policy import Act, NotPermitted
from onething.services import papers
from onething.services.answers import Answer, View, answer
from onething.services.case_views import Reminded
from onething.services.office import Office
from onething.services.officers_requests import Supervision, SupervisionReply, Urge, UrgeReply
from onething.services.once import Request, once
from onething.services.sent import Sent
from onething.services.standing import head_for
from onething.store import cases
from onething.store.database import Transaction
from onething.store.door import Recorded
from onething.store.writing import SealedValue


async def urge(office: Office, caller: Caller, key: str, case_no: str, sent: Urge) -> Answer:
    """Raises NotPermitted; TooSoon within a working day of that side's last urge, NotAllowed where the case or the item
    is not being handled."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.URGE, case_no)
        notice = papers.new_notice() if sent.text else None
        by_supervisor = caller.role is Role.SUPERVISOR
        event = Urged(item=sent.item, notice=notice, by_supervisor=by_supervisor)
        departments = _departments((await _now(office, tx, case_no))[1], sent.item)
        recorded = await _record(office, tx, case_no, event, notice, sent, departments)
        return _reminded(recorded, urge_of(recorded.state, by_supervisor=by_supervisor))

    return await once(office, Request(caller, Act.URGE, f"POST /api/cases/{case_no}/urge", key, sent, case_no), work)


async def answer_urge(office: Office, caller: Caller, key: str, case_no: str, sent: UrgeReply) -> Answer:
    """By the department that it is about; of two the older first. Raises NotPermitted, and NotAllowed if nothing waits
    for an answer."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.ANSWER_URGE, case_no)
        state, plan = await _now(office, tx, case_no)
        clock = _mine(caller, plan, state, urges_of(state))
        event = UrgeAnswered(clock=clock, notice=papers.new_notice())
        recorded = await _record(office, tx, case_no, event, event.notice, sent, (str(caller.department),))
        return _reminded(recorded, clock, state)

    route = f"POST /api/cases/{case_no}/urge/answer"
    return await once(office, Request(caller, Act.ANSWER_URGE, route, key, sent, case_no), work)


async def supervise(office: Office, caller: Caller, key: str, case_no: str, sent: Supervision) -> Answer:
    """Raises NotPermitted; NotAllowed while the last one of the same item, or of the case, waits for its answer."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.SUPERVISE, case_no)
        event = Supervised(item=sent.item, days=sent.days, notice=papers.new_supervision())
        departments = _departments((await _now(office, tx, case_no))[1], sent.item)
        recorded = await _record(office, tx, case_no, event, event.notice, sent, departments)
        return _reminded(recorded, supervision_of(recorded.state, sent.item))

    route = f"POST /api/cases/{case_no}/supervise"
    return await once(office, Request(caller, Act.SUPERVISE, route, key, sent, case_no), work)


async def answer_supervision(office: Office, caller: Caller, key: str, case_no: str, sent: SupervisionReply) -> Answer:
    """By the department of the item, or any of the case. Raises as `answer_urge`."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.ANSWER_SUPERVISION, case_no)
        state, plan = await _now(office, tx, case_no)
        one = supervision_of(state, sent.item)
        clock = _mine(caller, plan, state, [] if one is None else [one])
        event = SupervisionAnswered(clock=clock, notice=papers.new_supervision())
        recorded = await _record(office, tx, case_no, event, event.notice, sent, (str(caller.department),))
        return _reminded(recorded, clock, state)

    route = f"POST /api/cases/{case_no}/supervise/answer"
    return await once(office, Request(caller, Act.ANSWER_SUPERVISION, route, key, sent, case_no), work)


def _departments(plan: Plan, item: str | None) -> tuple[str, ...]:
    """Who have to answer, and so may read it."""
    known = plan.item_by_code.get(item) if item else None
    return plan.departments if known is None else (known.department,)


async def _now(office: Office, tx: Transaction, case_no: str) -> tuple[CaseState, Plan]:
    """As it stands, not locked: an answer names its clock, and the door looks whether that still runs."""
    found = await cases.state(tx, case_no)
    if found is None:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件还是草稿，请先提交。")
    return found[1], await office.shelf.plan_of(tx, found[1])


def _mine(caller: Caller, plan: Plan, state: CaseState, waiting: Sequence[str]) -> str:
    """The first of these clocks that waits for the caller's department."""
    if not waiting:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "没有等待答复的催办或督办，可能已经答复，或者事项已经办结。")
    for clock in waiting:
        reply = state.clocks[clock].reply
        if reply is None or caller.department in _departments(plan, reply.item):
            return clock
    raise NotPermitted(FailureCode.NOT_PERMITTED, "这次催办或督办针对其他部门的事项，请由该部门答复。")


async def _record(
    office: Office, tx: Transaction, case_no: str, event: Fact, name: str | None, sent: Sent, readers: tuple[str, ...]
) -> Recorded:
    values = []
    if name is not None:
        body = office.papers(case_no).seal(name, sent.model_dump(exclude_none=True))
        values.append(SealedValue(name, body, readers))
    return await office.door.record(tx, case_no, event, values=values)


def _reminded(recorded: Recorded, clock: str | None, before: CaseState | None = None) -> Answer:
    """How it stands; `before`: the state in which the clock still ran."""
    if clock is None:
        raise AssertionError("what was just recorded has a clock")
    running = (before or recorded.state).clocks[clock]
    view: View = Reminded(
        case_no=recorded.case_no,
        clock=clock,
        item=running.reply.item if running.reply else None,
        seq=recorded.seq,
        at=recorded.at,
        due_at=running.due_at,
        answered=before is not None,
    )
    return answer(view)
