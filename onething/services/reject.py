"""不予受理: with reason and basis, sealed."""

from onething.domain.caller import Caller
from onething.domain.events import Rejected
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.requests import Rejection
from onething.services.standing import head_for, standing
from onething.store.database import Transaction
from onething.store.writing import SealedValue


async def reject(office: Office, caller: Caller, key: str, case_no: str, sent: Rejection) -> Answer:
    """Raises NotPermitted, and NotAllowed once the case is accepted or ended."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.REJECT, case_no)
        notice = papers.new_notice()
        sealed = office.papers(case_no).seal(notice, sent.model_dump())
        # no department is concerned by what was never accepted
        value = SealedValue(notice, sealed, departments=())
        return standing(await office.door.record(tx, case_no, Rejected(notice=notice), values=[value]))

    request = Request(caller, Act.REJECT, f"POST /api/cases/{case_no}/reject", key, sent, case_no)
    return await once(office, request, work)
