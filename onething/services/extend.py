"""延长期限: more time by law, once, with the approver's rank and the reason (行政许可法 Art. 42)."""

from onething.domain.caller import Caller
from onething.domain.clock_events import ClockExtended, ExtensionRank
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.officers_requests import Extension
from onething.services.once import Request, once
from onething.services.pointing import pointing_at
from onething.services.standing import head_for, item_time, standing
from onething.services.tasks import item_task_for, telling_who_was_first
from onething.store.database import Transaction
from onething.store.writing import SealedValue


async def extend_item(office: Office, caller: Caller, key: str, task_id: str, sent: Extension) -> Answer:
    """With the approval of the agency's head. Raises NotPermitted, InvalidInput beyond the law's limit, and NotAllowed
    a second time, or when the time is over."""

    async def work(tx: Transaction) -> Answer:
        task = await item_task_for(tx, caller, Act.EXTEND_ITEM, task_id)
        event = _extension(task.item, sent, ExtensionRank.AGENCY_HEAD)
        value = _notice(office, task.case_no, event, sent, (task.department,))
        with pointing_at("/days"):
            recorded = await office.door.record(tx, task.case_no, event, values=[value])
        return item_time(recorded, task_id, task.item)

    route = f"POST /api/tasks/{task_id}/extend"
    request = Request(caller, Act.EXTEND_ITEM, route, key, sent, task_id.partition("-")[0])
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


async def extend_case(office: Office, caller: Caller, key: str, case_no: str, sent: Extension) -> Answer:
    """With the approval of the government's head, which joint handling needs. Raises as `extend_item`."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.EXTEND_CASE, case_no)
        event = _extension(None, sent, ExtensionRank.GOVERNMENT_HEAD)
        value = _notice(office, case_no, event, sent, None)  # every department of the case has to know
        with pointing_at("/days"):
            return standing(await office.door.record(tx, case_no, event, values=[value]))

    request = Request(caller, Act.EXTEND_CASE, f"POST /api/cases/{case_no}/extend", key, sent, case_no)
    return await once(office, request, work)


def _extension(item: str | None, sent: Extension, rank: ExtensionRank) -> ClockExtended:
    return ClockExtended(item=item, amount=sent.days, rank=rank, notice=papers.new_notice())


def _notice(
    office: Office, case_no: str, event: ClockExtended, sent: Extension, departments: tuple[str, ...] | None
) -> SealedValue:
    return SealedValue(event.notice, office.papers(case_no).seal(event.notice, sent.model_dump()), departments)
