"""窗口查找: one box for whatever lies on the counter: a code on a receipt or certificate, an identity card, a typed
number. What is found is opened or listed; nothing is changed by it."""

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CasePage, CaseSearchRequest
from onething.services.core.context import AppContext
from onething.web.cases.scan import read_scan
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import FieldMistake, Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.prechecks.answering import opened_draft

router = APIRouter(prefix="/counter/find", route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 50
_UNKNOWN = "没有认出这是什么号码：可以是办件编号、身份证号、统一社会信用代码、证照编号，或回执上的二维码。"


@router.get("", response_class=Response)
async def form(request: Request) -> Response:
    return _page(request)


@router.post("", response_class=Response)
async def find(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """Of a case and a certificate their page; of a draft that a clerk has looked at, with its code, the draft; of a
    number the cases of whose it is, for which there is a reason to be given, which stays in the access log. A number
    stands in no address."""
    text, reason, kind = sent.value("scan"), sent.value("/reason"), sent.value("/id_type")
    scan = read_scan(text)
    if scan is not None and scan.code and scan.case_no is not None:
        return await _looked_at(request, context, by, sent, scan.case_no, scan.code)
    if scan is not None and scan.case_no is not None:
        return see_other(f"/counter/cases/{scan.case_no}")
    if scan is not None and scan.certificate is not None:
        return see_other(f"/verify/{scan.certificate}")
    if scan is None and not kind:
        wrong = Mistakes(_UNKNOWN, 422, FailureCode.INVALID_REQUEST, (FieldMistake("scan", _UNKNOWN),))
        return _page(request, text, reason, kind, mistakes=wrong)
    number, id_type = (scan.id_number, scan.id_type) if scan is not None and not kind else (text.strip(), kind)
    try:
        wanted = as_request(CaseSearchRequest, {"id_type": id_type, "id_number": number, "reason": reason})
        found = await cases_search.search(context, by, wanted, limit=_MOST, after=None)
    except (OneThingError, RequestValidationError) as refused:
        mistakes = mistakes_of(refused)
        at = tuple(
            FieldMistake("scan" if one.pointer == "/id_number" else one.pointer, one.detail) for one in mistakes.fields
        )
        return _page(
            request, text, reason, kind, mistakes=Mistakes(mistakes.detail, mistakes.status, mistakes.code, at)
        )
    return _page(request, text, reason, kind, found=found)


async def _looked_at(
    request: Request, context: AppContext, by: Principal, sent: Form, case_no: CaseNo, code: str
) -> Response:
    """Whoever shows this had a draft looked at, and has come: it is taken in here. Of what was submitted since the
    case."""
    try:
        return see_other(await opened_draft(context, by, sent, case_no, code))
    except OneThingError as refused:
        submitted = await _is_there(context, by, case_no)
        if submitted:
            return see_other(f"/counter/cases/{case_no}")
        mistakes = mistakes_of(refused)
        told = mistakes.fields[0].detail if mistakes.fields else mistakes.detail
        at_box = Mistakes(told, mistakes.status, mistakes.code, (FieldMistake("scan", told),))
        return _page(request, mistakes=at_box)


async def _is_there(context: AppContext, by: Principal, case_no: CaseNo) -> bool:
    """As a case of this counter's."""
    try:
        await cases_search.show(context, by, case_no)
    except OneThingError:
        return False
    return True


def _page(
    request: Request,
    text: str = "",
    reason: str = "",
    kind: str = "",
    *,
    mistakes: Mistakes | None = None,
    found: CasePage | None = None,
) -> Response:
    values = {"text": text, "reason": reason, "kind": kind, "mistakes": mistakes, "found": found}
    return render(request, "cases/page_find.html", values, status=mistakes.status if mistakes else 200)
