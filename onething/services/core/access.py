"""Who asks about which case or whose number, and where the case stands afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError, require_valid
from onething.domain.identity import IdType
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import APPLYING_SIDE, Principal, Role
from onething.security.policy import (
    Act,
    Allowed,
    Denied,
    Facts,
    NotPermitted,
    is_applicant,
    judge,
    require,
    role_may,
)
from onething.services.core.context import AppContext
from onething.services.core.mandate_scopes import why_not
from onething.store.connection.database import Transaction
from onething.store.record.access_log import NumberSearch
from onething.store.record.case_writer import Recorded, Took
from onething.store.tables import cases, mandates

_GIVE_REASONS = frozenset({Role.COUNTER, Role.OFFICER, Role.LEADER, Role.AUDITOR})


def number_search(
    context: AppContext, principal: Principal, id_type: IdType, id_number: str, reason: str | None
) -> NumberSearch:
    """A search by the number of somebody's paper, as the access log keeps it, whether or not there can be such a
    number. Raises InvalidInput for one without content, and where one who works for an office gives no reason."""
    problems = list(_why_missing(principal, reason))
    try:
        whose = context.index.of_identity(id_type, id_number)
    except ValueError:
        problems.insert(0, FieldProblem("/id_number", FailureCode.MISSING_VALUE, "请填写证件号码。"))
    if problems:
        raise InvalidInput(problems)
    return NumberSearch(whose, sealed_reason(context, principal.subject, reason))


def name_search(context: AppContext, principal: Principal, name: str, reason: str | None) -> NumberSearch:
    """As `number_search`, by a person's name. Raises InvalidInput where no reason is given."""
    require_valid(_why_missing(principal, reason))
    return NumberSearch(context.index.of_name("person", name), sealed_reason(context, principal.subject, reason))


def _why_missing(principal: Principal, reason: str | None) -> Iterator[FieldProblem]:
    if reason is None and principal.role in _GIVE_REASONS:
        detail = "请写明为什么查询（如“本人到窗口查询进度”），记入访问日志。"
        yield FieldProblem("/reason", FailureCode.MISSING_VALUE, detail)


def sealed_reason(context: AppContext, subject: str, reason: str | None) -> bytes | None:
    """Bound to who gave it. It may name people, hence sealed."""
    return context.sealer.seal(reason.encode(), context=f"access/{subject}") if reason is not None else None


def opened_reason(context: AppContext, subject: str, sealed: bytes | None) -> str | None:
    """What `sealed_reason` sealed."""
    return context.sealer.open(sealed, context=f"access/{subject}").decode() if sealed is not None else None


def facts_of(tx: Transaction, head: cases.CaseHead) -> Facts:
    """What is known of the case, and whether a mandate was found under which the caller acts (`head_for`)."""
    return Facts(
        applicant=head.identity_index.hex(),
        drafted_by=head.created_by if head.status == CaseStatus.DRAFT else None,
        handed_over=head.handed_over,
        mandated=tx.actor.mandate is not None,
        region=head.region,
        outlet=head.outlet,
        departments=frozenset(head.departments),
        at=tx.actor.at,
    )


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """What the caller has to do with a case. `given`: mandates by which they may act for its applicant, if they need
    one: in force or not, for any act."""

    principal: Principal
    head: cases.CaseHead
    facts: Facts
    asked_at: datetime
    given: tuple[mandates.Mandate, ...] = ()

    def judge(self, act: Act) -> Allowed | Denied:
        """As `head_for` would, for this act too. Who sends a file changes a draft by it, or else supplements the case:
        they need the right to that as well."""
        said = self._judge(act)
        if act is not Act.UPLOAD_MATERIAL or isinstance(said, Denied):
            return said
        return self._judge(Act.EDIT_DRAFT if self.head.status == CaseStatus.DRAFT else Act.SUPPLEMENT)

    def _judge(self, act: Act) -> Allowed | Denied:
        facts = self.facts
        if self.given and role_may(self.principal.role, act):
            reasons = [why_not(one, act, self.asked_at) for one in self.given]
            if None not in reasons:
                return Denied(FailureCode.NOT_PERMITTED, str(reasons[0]), "")
            facts = replace(facts, mandated=True)
        return judge(self.principal, act, facts)


async def head_for(tx: Transaction, principal: Principal, act: Act, case_no: str) -> cases.CaseHead:
    """The head of a case with which the caller may do this; from here on the transaction knows the mandate under which
    they do. Raises NotPermitted (also where a mandate does not reach so far, or no longer holds), or NOT_FOUND."""
    return (await access_to(tx, principal, act, case_no)).head


async def access_to(tx: Transaction, principal: Principal, act: Act, case_no: str) -> CaseAccess:
    """As `head_for`, with what tells which other acts the caller might do."""
    if not role_may(principal.role, act):
        require(principal, act)  # whose role never may learns nothing of which cases exist
    try:
        head = await cases.get(tx, case_no)
    except OneThingError as missing:
        if missing.code is FailureCode.NOT_FOUND and principal.role in APPLYING_SIDE:
            await _say_why(tx, act, case_no)
        raise
    given: tuple[mandates.Mandate, ...] = ()
    if principal.role in APPLYING_SIDE and not _needs_no_mandate(principal, facts_of(tx, head)):
        given = await act_under_mandate(tx, act, head.identity_index, head.bundle)
    facts = facts_of(tx, head)
    require(principal, act, facts)
    return CaseAccess(principal, head, facts, tx.asked_at, given)


def _needs_no_mandate(principal: Principal, facts: Facts) -> bool:
    return is_applicant(principal, facts) or principal.subject == facts.drafted_by


async def act_under_mandate(tx: Transaction, act: Act, giver: bytes, bundle: str) -> tuple[mandates.Mandate, ...]:
    """Whoever is not the applicant needs a mandate of theirs in force that names the act, whichever it is: a renewed
    one carries on where the one before ended. All there are. Raises NotPermitted with what the best of them allows."""
    found = await mandates.between(tx, tx.actor.subject, giver, bundle.partition("@")[0])
    reasons = [(one, why_not(one, act, tx.asked_at)) for one in found]
    fitting = next((one for one, wrong in reasons if wrong is None), None)
    if fitting is not None:
        tx.act_under(fitting.id)
        if fitting.agent_index is None and tx.actor.identity:
            await mandates.take_up(tx, fitting.id)
    elif reasons:
        raise NotPermitted(FailureCode.NOT_PERMITTED, str(reasons[0][1]))
    return tuple(found)


async def _say_why(tx: Transaction, act: Act, case_no: str) -> None:
    """Who brought a case in under a mandate that has ended is told so. Raises NotPermitted."""
    lapsed = await mandates.lapsed(tx, case_no)
    wrong = why_not(lapsed, act, tx.asked_at) if lapsed is not None else None
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
