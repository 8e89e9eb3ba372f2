"""电子证照: the licences that this system issued to one holder, for the holder and whom they consent to."""

from datetime import datetime

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.principal import Caller
from onething.security.policy import Act, NotPermitted, require
from onething.services.application.check import check_number
from onething.services.application.schemas import LicenceSearch
from onething.services.core.context import Office
from onething.services.core.mandate_scopes import why_not
from onething.services.summaries import pagination
from onething.services.summaries.responses import Shown, View, WholeView
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import licences, mandates, prefills
from onething.store.tables.cases import LATEST
from onething.store.tables.licences import Licence
from onething.store.tables.mandates import Mandate

_CONSENTS = 20  # of one holder to one account that are looked at, those in force first
_NO_CONSENT = (
    "没有持证人的授权，不能查询。请持证人本人（已实名核验）查询；或由持证人在线委托您查询，"
    "或在综合窗口凭签名的授权书登记（POST /api/mandates，acts 写 licences）。"
)


class LicenceView(View):
    """`state`: valid, expired, revoked. What the licence says is shown by none but its case."""

    number: str
    kind: str
    name: str
    issuer: str
    issued_at: Shown
    valid_until: Shown | None = None
    state: str
    verify: str


class LicencePage(WholeView):
    """`mandates`: on whose consent it was shown; none for one's own."""

    items: list[LicenceView]
    mandates: list[str]
    next: str | None = None


async def search(office: Office, caller: Caller, sent: LicenceSearch, limit: int, after: str | None) -> LicencePage:
    """Newest first; each search is logged. Raises InvalidInput, NotPermitted without the holder's consent: whether
    there are any licences is not told then."""
    holder = _holder(office, sent)
    before = pagination.read(after) if after else LATEST
    now = office.clock.now()
    async with office.transaction(caller, Act.SEARCH_LICENCES) as tx:
        require(caller, Act.SEARCH_LICENCES)
        given = await consents(office, tx, caller, holder)
        bundles = reached(given)
        rows = await licences.page(tx, holder, kinds=sent.kinds, bundles=bundles, before=before, limit=limit + 1)
        whose = ",".join(one.id for one in given) or "own"
        await access_log.add(tx, Act.SEARCH_LICENCES, now, detail=f"{whose}:{min(len(rows), limit)}")
    last = rows[limit - 1] if len(rows) > limit else None
    return LicencePage(
        items=[_view(office, row, now) for row in rows[:limit]],
        mandates=[one.id for one in given],
        next=pagination.written(last.issued_at, last.number) if last else None,
    )


def _holder(office: Office, sent: LicenceSearch) -> bytes:
    problems = check_number(sent.id_type, sent.id_number)
    if problems:
        raise InvalidInput(problems)
    try:
        return office.index.of_identity_number(sent.id_number)
    except ValueError:
        raise InvalidInput([FieldProblem("/id_number", FailureCode.MISSING_VALUE, "请填写证件号码。")]) from None


async def consents(office: Office, tx: Transaction, caller: Caller, holder: bytes) -> list[Mandate]:
    """Those in force; none is needed for one's own. Raises NotPermitted if there is none, and tells what became of the
    last. From then on the transaction reaches what they let see."""
    await prefills.identify(tx, caller.identity)
    if holder.hex() == caller.identity:
        return []
    now = office.clock.now()
    given = await mandates.to_look(tx, holder, caller.subject, _CONSENTS)
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


def _view(office: Office, one: Licence, now: datetime) -> LicenceView:
    expired = one.valid_until is not None and now >= one.valid_until
    return LicenceView(
        number=one.number,
        kind=one.kind,
        name=one.name,
        issuer=office.department(one.department),
        issued_at=one.issued_at,
        valid_until=one.valid_until,
        state="revoked" if one.revoked_at else "expired" if expired else "valid",
        verify=f"/api/certificates/{one.number}/verify",
    )
