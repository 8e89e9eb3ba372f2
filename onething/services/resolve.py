"""核实: the owner of data that disagree says which value is right."""

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events import DiscrepancyResolved
from onething.domain.outcome import TaskKind, comparison_of
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer, Shown, WholeView, answer
from onething.services.office import Office
from onething.services.officers_requests import Resolution
from onething.services.once import Request, once
from onething.services.pointing import pointing_at
from onething.services.standing import locked
from onething.services.tasks import task_for, telling_who_was_first
from onething.store.database import Transaction
from onething.store.writing import SealedValue


class Resolved(WholeView):
    task_id: str
    case_no: str
    code: str
    which: str
    seq: int
    at: Shown


async def resolve(office: Office, caller: Caller, key: str, task_id: str, sent: Resolution) -> Answer:
    """Raises InvalidInput for a `which` that nobody says, DecidedAlready, NotAllowed where it is no such task."""

    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, Act.RESOLVE_DISCREPANCY, task_id)
        if task.kind != TaskKind.DISCREPANCY:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这不是核实数据的待办，请用 decide 或 answer 办理。")
        code = comparison_of(task.name)
        plan = (await locked(office, tx, task.case_no)).plan
        note = papers.resolved(code, task.round)
        event = DiscrepancyResolved(code=code, round=task.round, which=sent.which, note=note)
        sealed = office.papers(task.case_no).seal(note, {"note": sent.note})
        comparison = plan.comparison_by_code.get(code)
        readers = plan.concerned_by(comparison) if comparison else (task.department,)
        with pointing_at("/which"):
            recorded = await office.door.record(tx, task.case_no, event, values=[SealedValue(note, sealed, readers)])
        view = Resolved(
            task_id=task_id, case_no=task.case_no, code=code, which=sent.which, seq=recorded.seq, at=recorded.at
        )
        return answer(view)

    case_no = task_id.partition("-")[0]
    request = Request(
        caller, Act.RESOLVE_DISCREPANCY, f"POST /api/tasks/{task_id}/resolve", key, sent, case_no, task_id
    )
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)
