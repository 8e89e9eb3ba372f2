"""受理: the promise begins."""

from onething.domain.caller import Caller
from onething.domain.events import Accepted
from onething.security.policy import Act
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.standing import head_for, standing
from onething.store.database import Transaction


async def accept(office: Office, caller: Caller, key: str, case_no: str) -> Answer:
    """Raises NotPermitted, and NotAllowed unless the case is submitted and complete."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.ACCEPT, case_no)
        return standing(await office.door.record(tx, case_no, Accepted()))

    request = Request(caller, Act.ACCEPT, f"POST /api/cases/{case_no}/accept", key, case_no=case_no)
    return await once(office, request, work)
