"""撤回: the applicant's side takes the application back; what was done is undone."""

from onething.domain.caller import Caller
from onething.domain.events import Withdrawn
from onething.security.policy import Act
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.standing import head_for, standing
from onething.store.database import Transaction


async def withdraw(office: Office, caller: Caller, key: str, case_no: str) -> Answer:
    """Raises NotPermitted, and NotAllowed when all is decided already."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.WITHDRAW, case_no)
        return standing(await office.door.record(tx, case_no, Withdrawn()))

    request = Request(caller, Act.WITHDRAW, f"POST /api/cases/{case_no}/withdraw", key, case_no=case_no)
    return await once(office, request, work)
