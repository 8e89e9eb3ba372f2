"""证照和结果: what a case gave, and whether a certificate is genuine."""

from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.plan.plan import Plan
from onething.domain.principal import Caller
from onething.security.policy import Act
from onething.services.core.access import head_for
from onething.services.core.context import Office
from onething.services.documents import certificates as documents_certificates
from onething.services.documents import delivery
from onething.services.documents.schemas import DocumentList, DocumentView, Verification
from onething.services.summaries import pagination
from onething.services.summaries.clocks import DeemedView
from onething.store.connection.actor import Actor
from onething.store.record import access_log
from onething.store.tables import cases, certificates
from onething.store.tables.certificates import Certificate


async def documents(office: Office, caller: Caller, case_no: str, limit: int, after: str | None) -> DocumentList:
    """Certificates and letters of the case; a department sees its own and certificates that its items work with."""
    async with office.transaction(caller, Act.VIEW_DOCUMENTS, case_no) as tx:
        await head_for(tx, caller, Act.VIEW_DOCUMENTS, case_no)
        issued = await certificates.of_case(tx, case_no)
        found = await cases.state(tx, case_no)
        plan = await office.shelf.plan_of(tx, found[1]) if found else None
        letters = await delivery.rows(office, tx, caller, case_no, plan) if plan and after is None else []
        await access_log.add(tx, Act.VIEW_DOCUMENTS, office.clock.now(), case_no=case_no)
    seen = [one for one in issued if plan and _concerns(caller, plan, one)]
    page, more = pagination.cut(seen, lambda one: one.number, limit, after)
    return DocumentList(items=[_view(office, one) for one in page], letters=letters, next=more)


def _concerns(caller: Caller, plan: Plan, one: Certificate) -> bool:
    if caller.department in (None, one.department):
        return True
    return any(item.department == caller.department and one.item in item.needs_items for item in plan.items)


def _view(office: Office, one: Certificate) -> DocumentView:
    return DocumentView(
        number=one.number,
        item=one.item,
        output=one.output,
        name=one.name,
        department=one.department,
        issued_at=one.issued_at,
        valid_until=one.valid_until,
        revoked_at=one.revoked_at,
        content=_content(office, one),
        verify=f"/api/certificates/{one.number}/verify",
    )


async def verify(office: Office, number: str) -> Verification:
    """Minimal fields, for anybody who holds the number. Raises OneThingError NOT_FOUND."""
    async with office.database.transaction(Actor.with_certificate(number)) as tx:
        one = await certificates.by_number(tx, number)
    if one is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个编号的证照，请核对编号。")
    content = _content(office, one)
    genuine = documents_certificates.is_genuine(office.verifier, one, content)
    now = office.clock.now()
    revoked = one.revoked_at is not None
    in_time = one.valid_until is None or now < one.valid_until
    return Verification(
        number=one.number,
        genuine=genuine,
        valid=genuine and in_time and not revoked,
        revoked=revoked,
        revoked_at=one.revoked_at,
        name=one.name,
        department=office.department(one.department),
        issued_at=one.issued_at,
        valid_until=one.valid_until,
        deemed=DeemedView(**content["deemed"]) if genuine and "deemed" in content else None,
    )


def _content(office: Office, one: Certificate) -> dict[str, Any]:
    name = documents_certificates.paper(one.number)
    content: dict[str, Any] = office.papers(one.case_no, {name: one.body}).open(name)
    return content
