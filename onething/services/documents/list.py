"""证照和结果: what a case gave, and whether a certificate is genuine."""

from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import is_before_its_turn
from onething.services.documents import certificates as documents_certificates
from onething.services.documents import delivery
from onething.services.documents.schemas import DocumentList, DocumentView, VerificationResponse
from onething.services.summaries import pagination
from onething.services.summaries.clocks import DeemedView
from onething.store.connection.actor import Actor
from onething.store.record import access_log
from onething.store.tables import cases, certificates
from onething.store.tables.certificates import Certificate


async def documents(
    context: AppContext, principal: Principal, case_no: str, limit: int, after: str | None
) -> DocumentList:
    """Certificates and letters of the case; a department sees its own and certificates that its items work with."""
    async with context.transaction(principal, Act.VIEW_DOCUMENTS, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_DOCUMENTS, case_no)
        issued = await certificates.of_case(tx, case_no)
        found = None if is_before_its_turn(principal, head) else await cases.state(tx, case_no)
        plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
        letters = await delivery.rows(context, tx, principal, case_no, plan) if plan and after is None else []
        access_log.add(tx, Act.VIEW_DOCUMENTS, context.clock.now(), case_no=case_no)
    seen = [one for one in issued if plan and _concerns(principal, plan, one)]
    page, more = pagination.cut(seen, lambda document: document.number, limit, after)
    return DocumentList(items=[_view(context, one) for one in page], letters=letters, next=more)


def _concerns(principal: Principal, plan: Plan, certificate: Certificate) -> bool:
    if principal.department in (None, certificate.department):
        return True
    return any(item.department == principal.department and certificate.item in item.needs_items for item in plan.items)


def _view(context: AppContext, certificate: Certificate) -> DocumentView:
    return DocumentView(
        number=certificate.number,
        item=certificate.item,
        output=certificate.output,
        name=certificate.name,
        department=certificate.department,
        issued_at=certificate.issued_at,
        valid_until=certificate.valid_until,
        revoked_at=certificate.revoked_at,
        content=_content(context, certificate),
        verify=f"/api/certificates/{certificate.number}/verify",
    )


async def verify(context: AppContext, number: str) -> VerificationResponse:
    """Minimal fields, for anybody who holds the number. Raises OneThingError NOT_FOUND."""
    async with context.database.transaction(Actor.with_certificate(number)) as tx:
        one = await certificates.by_number(tx, number)
    if one is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个编号的证照，请核对编号。")
    content = _content(context, one)
    genuine = documents_certificates.is_genuine(context.verifier, one, content)
    now = context.clock.now()
    revoked = one.revoked_at is not None
    in_time = one.valid_until is None or now < one.valid_until
    return VerificationResponse(
        number=one.number,
        genuine=genuine,
        valid=genuine and in_time and not revoked,
        revoked=revoked,
        revoked_at=one.revoked_at,
        name=one.name,
        department=context.department(one.department),
        issued_at=one.issued_at,
        valid_until=one.valid_until,
        deemed=DeemedView(**content["deemed"]) if genuine and "deemed" in content else None,
    )


def _content(context: AppContext, certificate: Certificate) -> dict[str, Any]:
    name = sealed_values.certificate(certificate.number)
    content: dict[str, Any] = context.values(certificate.case_no, {name: certificate.body}).open(name)
    return content
