"""Who asks about which case, and where the case stands afterwards."""

from onething.domain.caller import Caller
from onething.domain.clock_kinds import item_clock, item_statutory
from onething.domain.errors import FailureCode
from onething.domain.items import missing_materials
from onething.domain.plan import Plan
from onething.domain.state import CaseState
from onething.security.policy import Act, Facts, NotPermitted, require, role_may
from onething.services.answers import Answer, answer
from onething.services.case_views import ItemStanding, Standing
from onething.services.clock_views import ItemTime
from onething.services.mandate_scopes import why_not
from onething.services.office import Office
from onething.store import cases, mandates, tasks
from onething.store.database import Transaction
from onething.store.door import Recorded, Took


def facts_of(head: cases.CaseHead) -> Facts:
    owners = {head.created_by, head.agent, head.principal} - {None}
    return Facts(owners=frozenset(map(str, owners)), region=head.region, departments=frozenset(head.departments))


async def head_for(tx: Transaction, caller: Caller, act: Act, case_no: str) -> cases.CaseHead:
    """The head of a case with which the caller may do this. Raises NotPermitted (also where they act for somebody whose
    mandate does not reach so far, or no longer holds), or NOT_FOUND."""
    if not role_may(caller.role, act):
        require(caller, act)  # whose role never may learns nothing of which cases exist
    head = await cases.get(tx, case_no)
    require(caller, act, facts_of(head))
    if head.mandate is not None and caller.subject == head.created_by:
        await _require_mandate(tx, head.mandate, act)
    return head


async def _require_mandate(tx: Transaction, id_: str, act: Act) -> None:
    """Whoever acts for another needs it at every act, also to read."""
    if tx.asked_at is None:
        raise AssertionError("acts on cases are asked for at the office")
    wrong = why_not(await mandates.get(tx, id_), act, tx.asked_at)
    if wrong is not None:
        raise NotPermitted(FailureCode.NOT_PERMITTED, wrong)


async def locked(office: Office, tx: Transaction, case_no: str) -> Recorded:
    """The case as it stands, locked until the transaction ends: what is read of it now, the event is recorded on.

    Moments that had come due stay recorded even if the act is then refused.
    """
    now = await office.door.tick(tx, case_no)
    if now.took is Took.RECORDED:
        tx.on_rollback(lambda again: office.door.tick(again, case_no))
    return now


def item_standings(plan: Plan, state: CaseState) -> list[ItemStanding]:
    return [
        ItemStanding(
            code=item.code,
            name=item.name,
            department=item.department,
            state=state.items[item.code].state,
            round=state.items[item.code].round,
        )
        for item in plan.items
    ]


def standing(recorded: Recorded) -> Answer:
    state, plan = recorded.state, recorded.plan
    clock = state.clocks.get("case")
    return answer(
        Standing(
            case_no=recorded.case_no,
            seq=recorded.seq,
            status=state.status,
            due_at=clock.due_at if clock else None,
            items=item_standings(plan, state),
            missing=list(missing_materials(plan, state)),
        )
    )


def item_time(recorded: Recorded, task: tasks.Task) -> Answer:
    """How the time of the task's item stands, promised and by law."""
    promised, law = (recorded.state.clocks.get(name) for name in (item_clock(task.item), item_statutory(task.item)))
    return answer(
        ItemTime(
            task_id=task.task_id,
            case_no=recorded.case_no,
            item=task.item,
            state=recorded.state.items[task.item].state,
            seq=recorded.seq,
            at=recorded.at,
            due_at=promised.due_at if promised else None,
            statutory_due_at=law.due_at if law else None,
        )
    )
