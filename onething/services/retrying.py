"""再次查询: a data source is asked anew at once. What comes of it shows in the case, not in this answer."""

from typing import Literal

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode
from onething.domain.events import LookUpRetried
from onething.domain.retry_moves import AGAIN_AFTER
from onething.security.policy import Act, NotPermitted
from onething.services.answers import Answer, Shown, View, answer
from onething.services.asking import AskedView, asked
from onething.services.look_ups import departments_of
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.standing import head_for, locked
from onething.store.database import Transaction
from onething.store.door import Recorded

_NOT_YOURS = "本部门的事项不需要这项数据，请由需要它的部门或窗口再次查询。"


class Retried(View):
    """`took` says no more than that the source is asked: whether it answers, the case tells (`asked`, timeline).
    `again_from`: when it may be asked anew once more."""

    case_no: str
    seq: int
    at: Shown
    took: Literal["asked"] = "asked"
    data: AskedView
    again_from: Shown


async def retry(office: Office, caller: Caller, key: str, case_no: str, data: str) -> Answer:
    """By the counter, or a department whose item needs it. Raises NotPermitted; NotAllowed for what is in hand or
    supplied, and TooSoon."""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.RETRY_LOOK_UP, case_no)
        if caller.department is not None:
            plan = (await locked(office, tx, case_no)).plan
            if data in plan.data_by_key and caller.department not in departments_of(plan, data):
                raise NotPermitted(FailureCode.NOT_PERMITTED, _NOT_YOURS)
        recorded = await office.door.record(tx, case_no, LookUpRetried(data=data))
        return answer(
            Retried(
                case_no=case_no,
                seq=recorded.seq,
                at=recorded.at,
                data=_asked(office, recorded, data),
                again_from=recorded.at + AGAIN_AFTER,
            )
        )

    route = f"POST /api/cases/{case_no}/data/{data}/retry"
    return await once(office, Request(caller, Act.RETRY_LOOK_UP, route, key, case_no=case_no), work)


def _asked(office: Office, recorded: Recorded, data: str) -> AskedView:
    catalog = office.catalog
    [one] = [
        one for one in asked(recorded.plan, recorded.state, catalog.sources, catalog.departments) if one.key == data
    ]
    return one
