"""Who asks about which case or whose number, and where the case stands afterwards."""

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.principal import Principal, Role
from onething.security.policy import Act, Facts, NotPermitted, require, role_may
from onething.services.core.context import AppContext
from onething.services.core.mandate_scopes import why_not
from onething.store.connection.database import Transaction
from onething.store.record.access_log import NumberSearch
from onething.store.record.case_writer import Recorded, Took
from onething.store.tables import cases, mandates

_GIVE_REASONS = frozenset({Role.COUNTER, Role.OFFICER, Role.LEADER, Role.AUDITOR})


def number_search(context: AppContext, principal: Principal, id_number: str, reason: str | None) -> NumberSearch:
    """A search by somebody's identity number, as the access log keeps it. Raises InvalidInput for a number without
    content, and where one who works for an office gives no reason."""
    problems = []
    try:
        whose = context.index.of_identity_number(id_number)
    except ValueError:
        problems.append(FieldProblem("/id_number", FailureCode.MISSING_VALUE, "请填写证件号码。"))
    if reason is None and principal.role in _GIVE_REASONS:
        detail = "请写明为什么查询（如“本人到窗口查询进度”），记入访问日志。"
        problems.append(FieldProblem("/reason", FailureCode.MISSING_VALUE, detail))
    if problems:
        raise InvalidInput(problems)
    return NumberSearch(whose, sealed_reason(context, principal.subject, reason))


def sealed_reason(context: AppContext, subject: str, reason: str | None) -> bytes | None:
    """Bound to who gave it. It may name people, hence sealed."""
    return context.sealer.seal(reason.encode(), context=f"access/{subject}") if reason is not None else None


def opened_reason(context: AppContext, subject: str, sealed: bytes | None) -> str | None:
    """What `sealed_reason` sealed."""
    return context.sealer.open(sealed, context=f"access/{subject}").decode() if sealed is not None else None


def facts_of(head: cases.CaseHead) -> Facts:
    owners = {head.created_by, head.agent, head.principal} - {None}
    return Facts(owners=frozenset(map(str, owners)), region=head.region, departments=frozenset(head.departments))


async def head_for(tx: Transaction, principal: Principal, act: Act, case_no: str) -> cases.CaseHead:
    """The head of a case with which the caller may do this. Raises NotPermitted (also where they act for somebody whose
    mandate does not reach so far, or no longer holds), or NOT_FOUND."""
    if not role_may(principal.role, act):
        require(principal, act)  # whose role never may learns nothing of which cases exist
    head = await cases.get(tx, case_no)
    require(principal, act, facts_of(head))
    if head.mandate is not None and principal.subject == head.created_by:
        await _require_mandate(tx, head.mandate, act)
    return head


async def _require_mandate(tx: Transaction, id_: str, act: Act) -> None:
    """Whoever acts for another needs it at every act, also to read."""
    if tx.asked_at is None:
        raise AssertionError("acts on cases are asked for with the case")
    wrong = why_not(await mandates.get(tx, id_), act, tx.asked_at)
    if wrong is not None:
        raise NotPermitted(FailureCode.NOT_PERMITTED, wrong)


async def locked(context: AppContext, tx: Transaction, case_no: str) -> Recorded:
    """The case as it stands, locked until the transaction ends: what is read of it now, the event is recorded on.

    Moments that had come due stay recorded even if the act is then refused.
    """
    now = await context.writer.tick(tx, case_no)
    if now.took is Took.RECORDED:
        tx.on_rollback(lambda again: context.writer.tick(again, case_no))
    return now
