"""电子证照: the licences that this system issued to one holder, for the holder and whom they consent to."""

from datetime import datetime

from onething.domain.errors import FailureCode, OneThingError, require_valid
from onething.domain.principal import Principal
from onething.security.policy import Act, NotPermitted, require
from onething.services.application.check import check_number
from onething.services.core.access import number_search
from onething.services.core.context import AppContext
from onething.services.core.mandate_scopes import why_not
from onething.services.documents import verification
from onething.services.documents.certificates import CertificateContent, sheet_of
from onething.services.documents.schemas import LicenceSearchRequest, ReplacedView, replaced_view
from onething.services.documents.verification import VerifiedCertificate
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import licences, mandates
from onething.store.tables.cases import LATEST
from onething.store.tables.mandates import Mandate

_CONSENTS = 20  # of one holder to one account that are looked at, those in force first
_NO_CONSENT = (
    "没有持证人的授权，不能查询。请持证人本人（已实名核验）查询；或由持证人在线委托您查询，"
    "或在综合窗口凭签名的授权书登记（POST /api/mandates，acts 写 licences）。"
)
_NO_IDENTITY = "您登录的账户没有核验过证件号码，列不出您自己的证照。请用实名核验过的账户登录，或持证件到综合窗口查询。"


class LicenceView(ResponseModel):
    """`state`: valid, expired, revoked; or not_genuine, of which nothing else is told. What the licence says is shown
    by none but its case."""

    number: str
    kind: str | None = None
    name: str | None = None
    issuer: str | None = None
    issued_at: LocalDateTime | None = None
    valid_until: LocalDateTime | None = None
    state: str
    replaced: ReplacedView | None = None
    verify: str


class LicencePage(CompleteResponseModel):
    """`mandates`: on whose consent it was shown; none for one's own."""

    items: list[LicenceView]
    mandates: list[str]
    next: str | None = None


async def search(
    context: AppContext, principal: Principal, request: LicenceSearchRequest, limit: int, after: str | None
) -> LicencePage:
    """Newest first; each search is logged. Raises InvalidInput, NotPermitted without the holder's consent: whether
    there are any licences is not told then."""
    wanted = _wanted(context, principal, request)
    before = pagination.read(after) if after else LATEST
    now = context.clock.now()
    async with context.transaction(principal, Act.SEARCH_LICENCES, search=wanted) as tx:
        require(principal, Act.SEARCH_LICENCES)
        given = await consents(context, tx, principal, wanted.whose)
        bundles = reached(given)
        rows = await licences.page(
            tx, wanted.whose, kinds=request.kinds, bundles=bundles, before=before, limit=limit + 1
        )
        shown = await verification.of_numbers(context, tx, [row.number for row in rows[:limit]])
        whose = ",".join(one.id for one in given) or "own"
        found = min(len(rows), limit)
        access_log.add(tx, Act.SEARCH_LICENCES, now, search=wanted, found=found, detail=whose)
    last = rows[limit - 1] if len(rows) > limit else None
    return LicencePage(
        items=[_view(one, now) for one in shown],
        mandates=[one.id for one in given],
        next=pagination.written(last.issued_at, last.number) if last else None,
    )


async def own(context: AppContext, principal: Principal, limit: int, after: str | None) -> LicencePage:
    """One's own, by the identity that one has proved, newest first; logged as each search. Raises NotPermitted for who
    has proved none."""
    wanted = _own(principal)
    before = pagination.read(after) if after else LATEST
    now = context.clock.now()
    async with context.transaction(principal, Act.SEARCH_LICENCES, search=wanted) as tx:
        require(principal, Act.SEARCH_LICENCES)
        rows = await licences.page(tx, wanted.whose, kinds=None, bundles=None, before=before, limit=limit + 1)
        shown = await verification.of_numbers(context, tx, [row.number for row in rows[:limit]])
        access_log.add(tx, Act.SEARCH_LICENCES, now, search=wanted, found=len(shown), detail="own")
    last = rows[limit - 1] if len(rows) > limit else None
    more = pagination.written(last.issued_at, last.number) if last else None
    return LicencePage(items=[_view(one, now) for one in shown], mandates=[], next=more)


async def own_pdf(context: AppContext, principal: Principal, number: str, verified_at: str) -> bytes:
    """One of one's own, on paper. Raises as `own`, OneThingError NOT_FOUND, also for one that is not genuine, and
    UNAVAILABLE where there is no font for it."""
    wanted = _own(principal)
    async with context.transaction(principal, Act.SEARCH_LICENCES, search=wanted) as tx:
        require(principal, Act.SEARCH_LICENCES)
        found = await verification.of_numbers(context, tx, [number])
        mine = next((one for one in found if one.content and _holder(context, one.content) == wanted.whose), None)
        if mine is None or mine.content is None:
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份证照，或者它不是您的。")
        now = context.clock.now()
        access_log.add(tx, Act.SEARCH_LICENCES, now, search=wanted, found=1, detail=f"own:{number}")
    return await context.press.pdf(sheet_of(mine.content, verified_at, mine.revoked_at))


def _own(principal: Principal) -> NumberSearch:
    if principal.identity is None:
        raise NotPermitted(FailureCode.NOT_PERMITTED, _NO_IDENTITY)
    return NumberSearch(bytes.fromhex(principal.identity))


def _holder(context: AppContext, content: CertificateContent) -> bytes:
    return context.index.of_identity(content.bearer_id_type, content.bearer_id_number)


def _wanted(context: AppContext, principal: Principal, request: LicenceSearchRequest) -> NumberSearch:
    require_valid(check_number(request.id_type, request.id_number))
    return number_search(context, principal, request.id_type, request.id_number, request.reason)


async def consents(context: AppContext, tx: Transaction, principal: Principal, holder: bytes) -> list[Mandate]:
    """Those in force; none is needed for one's own. Raises NotPermitted if there is none, and tells what became of the
    last. From then on the transaction reaches what they let see."""
    if holder.hex() == principal.identity:
        return []
    now = context.clock.now()
    given = await mandates.to_look(tx, holder, principal.subject, _CONSENTS)
    in_force = [one for one in given if why_not(one, Act.SEARCH_LICENCES, now) is None]
    if not in_force:
        why = why_not(given[0], Act.SEARCH_LICENCES, now) if given else None
        raise NotPermitted(FailureCode.NOT_PERMITTED, why or _NO_CONSENT)
    return in_force


def reached(consents: list[Mandate]) -> set[str] | None:
    """What the consents reach together; none means all."""
    if not all(one.bundles for one in consents):
        return None
    return {code for one in consents for code in one.bundles} or None


def _view(licence: VerifiedCertificate, now: datetime) -> LicenceView:
    content, verify = licence.content, f"/api/certificates/{licence.number}/verify"
    if content is None:
        return LicenceView(number=licence.number, state="not_genuine", verify=verify)
    return LicenceView(
        number=licence.number,
        kind=content.kind,
        name=content.name,
        issuer=content.department,
        issued_at=content.issued_at,
        valid_until=content.valid_until,
        state="revoked" if licence.revoked_at else "valid" if content.in_time(now) else "expired",
        replaced=replaced_view(licence.replaced),
        verify=verify,
    )
