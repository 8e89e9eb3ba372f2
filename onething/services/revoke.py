"""撤销准予: whoever approved on a promise that was broken decides whether that stands."""

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.follow_up_events import RevocationDecided
from onething.domain.outcome import TaskKind
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer, Shown, WholeView, answer
from onething.services.case_views import ItemStanding
from onething.services.office import Office
from onething.services.officers_requests import RevocationSent
from onething.services.once import Request, once
from onething.services.standing import item_standings, locked
from onething.services.tasks import task_for, telling_who_was_first
from onething.store import certificates
from onething.store.database import Transaction
from onething.store.writing import SealedValue


class RevocationView(WholeView):
    task_id: str
    case_no: str
    item: str
    revoked: bool
    seq: int
    at: Shown
    status: str
    items: list[ItemStanding]


async def decide(office: Office, caller: Caller, key: str, task_id: str, sent: RevocationSent) -> Answer:
    """What is taken back is undone as its definition says, and its certificates are revoked with it. Raises
    DecidedAlready, NotAllowed where it is no such task, or other promises have to be checked before."""

    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, Act.DECIDE_REVOCATION, task_id)
        if task.kind != TaskKind.REVOKE:
            detail = "这不是决定是否撤销的待办，请按这件待办的性质办理。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        before = await locked(office, tx, task.case_no)
        asked = before.state.revocations.get(task.item)
        material = asked.material if asked else None
        opinion = papers.revocation(task.item, task.round)
        event = RevocationDecided(
            item=task.item,
            round=task.round,
            revoke=sent.revoke,
            opinion=opinion,
            material=material,
            finding=papers.finding(material) if material else None,
        )
        sealed = office.papers(task.case_no).seal(opinion, {"opinion": sent.opinion})
        value = SealedValue(opinion, sealed, departments=(task.department,))
        recorded = await office.door.record(tx, task.case_no, event, values=[value])
        if sent.revoke:
            certificates.revoke(tx, task.case_no, task.item, recorded.at)
        view = RevocationView(
            task_id=task_id,
            case_no=task.case_no,
            item=task.item,
            revoked=sent.revoke,
            seq=recorded.seq,
            at=recorded.at,
            status=recorded.state.status,
            items=item_standings(recorded.plan, recorded.state),
        )
        return answer(view)

    route, case_no = f"POST /api/tasks/{task_id}/revoke", task_id.partition("-")[0]
    request = Request(caller, Act.DECIDE_REVOCATION, route, key, sent, case_no, task_id)
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)
