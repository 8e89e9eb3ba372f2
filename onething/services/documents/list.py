"""证照和结果: what a case gave."""

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import is_before_its_turn, only_reports
from onething.services.documents import delivery, verification
from onething.services.documents.certificates import sheet_of
from onething.services.documents.schemas import DocumentList, DocumentView, LetterRow, replaced_view
from onething.services.documents.verification import VerifiedCertificate
from onething.services.summaries import pagination
from onething.store.record import access_log
from onething.store.tables import cases


async def documents(
    context: AppContext, principal: Principal, case_no: str, limit: int, after: str | None
) -> DocumentList:
    """Certificates and letters of the case; a department sees its own and certificates that its items work with."""
    async with context.transaction(principal, Act.VIEW_DOCUMENTS, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_DOCUMENTS, case_no)
        found = None if is_before_its_turn(principal, head) else await cases.state(tx, case_no)
        plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
        reports = plan is not None and await only_reports(tx, principal, case_no, plan)
        issued = [] if reports else await verification.of_case(context, tx, case_no)
        letters: list[LetterRow] = []
        if plan and found and after is None:
            letters = await delivery.rows(context, tx, principal, case_no, plan, found[1], only_reports=reports)
        access_log.add(tx, Act.VIEW_DOCUMENTS, context.clock.now(), case_no=case_no)
    seen = [one for one in issued if plan and _concerns(principal, plan, one)]
    page, more = pagination.cut(seen, lambda document: document.number, limit, after)
    return DocumentList(items=[_view(one) for one in page], letters=letters, next=more)


async def certificate_pdf(
    context: AppContext, principal: Principal, case_no: str, number: str, verified_at: str
) -> bytes:
    """One that the case gave, on paper. Raises OneThingError NOT_FOUND, also for one that is not genuine, UNAVAILABLE
    where there is no font for it."""
    async with context.transaction(principal, Act.VIEW_DOCUMENTS, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_DOCUMENTS, case_no)
        found = None if is_before_its_turn(principal, head) else await cases.state(tx, case_no)
        plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
        reports = plan is None or await only_reports(tx, principal, case_no, plan)
        issued = [] if reports else await verification.of_case(context, tx, case_no)
        mine = next((one for one in issued if one.number == number and plan and _concerns(principal, plan, one)), None)
        if mine is None or mine.content is None:
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份证照，或者您无权查看。")
        access_log.add(tx, Act.VIEW_DOCUMENTS, context.clock.now(), case_no=case_no, detail=number)
    return await context.press.pdf(sheet_of(mine.content, verified_at, mine.revoked_at))


def _concerns(principal: Principal, plan: Plan, certificate: VerifiedCertificate) -> bool:
    """One that is not genuine is everybody's business: whose it was is not known."""
    content = certificate.content
    if content is None or principal.department in (None, content.department_code):
        return True
    return any(item.department == principal.department and content.item_code in item.needs_items for item in plan.items)


def _view(certificate: VerifiedCertificate) -> DocumentView:
    content, verify = certificate.content, f"/api/certificates/{certificate.number}/verify"
    if content is None:
        return DocumentView(
            number=certificate.number,
            genuine=False,
            revoked_at=certificate.revoked_at,
            replaced=replaced_view(certificate.replaced),
            verify=verify,
        )
    return DocumentView(
        number=certificate.number,
        genuine=True,
        item=content.item_code,
        output=content.output,
        name=content.name,
        department=content.department_code,
        issued_at=content.issued_at,
        valid_until=content.valid_until,
        revoked_at=certificate.revoked_at,
        replaced=replaced_view(certificate.replaced),
        replaced_by=certificate.replaced.by if certificate.replaced else None,
        content=content,
        verify=verify,
    )
