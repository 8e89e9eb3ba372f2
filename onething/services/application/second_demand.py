"""What was asked of the applicant before, and who may add to it: a supervisor, from the second notice on."""

from collections.abc import Callable, Sequence

from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.intake.second_demand import unheard_of
from onething.domain.principal import Principal, Role
from onething.security.policy import NotPermitted
from onething.store.connection.database import Transaction
from onething.store.record import journal
from onething.store.record.hash_chain import Line

_MOST = 2000


async def said_before(tx: Transaction, case_no: str, kind: str) -> Sequence[Line]:
    """Demands of that kind, and what came, oldest first."""
    return (await journal.of_kinds(tx, case_no, (kind, "supplemented", "papers_received"), limit=_MOST))[::-1]


def require_authority(
    principal: Principal, before: Sequence[Line], points: Sequence[str], name_of: Callable[[str], str]
) -> None:
    """Raises NotAllowed SECOND_DEMAND where somebody but a supervisor adds to what was told, and NotPermitted where a
    supervisor asks for what needs none."""
    new = unheard_of((line.event for line in before), points)
    supervises = principal.role is Role.SUPERVISOR
    if new and not supervises:
        named = "、".join(name_of(point) for point in new)
        detail = f"第一次补正告知没有列出：{named}。应当一次告知，请删去；确需补正的，请督办员同意后由督办员提出。"
        raise NotAllowed(FailureCode.SECOND_DEMAND, detail)
    if supervises and not new:
        detail = "这里没有此前漏告的内容，不需要督办员同意，请由综合窗口或承办部门自行提出。"
        raise NotPermitted(FailureCode.NOT_PERMITTED, detail)
