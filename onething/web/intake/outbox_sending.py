"""What could not be sent when it was taken in, sent later by the script of the page: draft, files, submission.

Each step may be sent again, with the same key: what was done is answered as it was the first time. Nothing is accepted
here: who looks at papers after the line was cut says so on the page of the case.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, InvalidInput, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.lifecycle import STATUS_NAMES
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import BundleCodePath, By, CaseNoPath, InContext, MaterialCode
from onething.edge.metrics import Requests
from onething.security.device_keys import device_keys
from onething.security.page_sessions import times_of
from onething.services import bundles, duplicates
from onething.services.application.schemas import OfflineReceipt
from onething.services.bundles import BundleView
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.duplicates import Duplicates
from onething.services.intake import drafts
from onething.services.materials import files
from onething.web.core.forms import Form, as_request
from onething.web.core.routes import Sent, Session
from onething.web.core.script_routes import ScriptRoute, ScriptUploadRoute, json_answer, refusal_answer
from onething.web.core.templating import account_mark
from onething.web.core.uploads import read_file
from onething.web.intake import query_codes
from onething.web.intake.take_in_acts import has_looked_at, said_of, save, saved_in, submit_received
from onething.web.intake.take_in_form import TakeIn

_AT = "/counter/outbox"
ACCOUNT_HEADER = "x-onething-account"
"""Whose what is sent is, as `/key` told: somebody else may have signed in at the computer since."""
router = APIRouter(prefix=_AT, route_class=ScriptRoute, include_in_schema=False)
uploads = APIRouter(prefix=_AT, route_class=ScriptUploadRoute, include_in_schema=False)
_COUNTER = "/counter"
_DIGITS = 9
"""More than any number of forms, or of seconds that one waits."""
_MAYBE_TWICE = "可能重复，还没有发出：同一件事可能已经有人申请，或者申请人另有在办的、草稿。请先核对。"
_GONE_ON = (FailureCode.NOT_ALLOWED_NOW, FailureCode.STALE_VERSION)


async def its_own_account(request: Request, context: InContext, by: By) -> None:
    """Raises OneThingError NOT_SIGNED_IN where another account is signed in than the one that it was made by."""
    said = request.headers.get(ACCOUNT_HEADER, "")
    if not hmac.compare_digest(said.encode(), account_mark(context, by).encode()):
        detail = "这台电脑现在由其他同事登录；没有发出的收件，要收件人本人登录后再发送。"
        raise OneThingError(FailureCode.NOT_SIGNED_IN, detail)


@router.post("/waiting", response_class=Response)
async def waiting(request: Request, sent: Sent) -> Response:
    """How much of whoever is signed in waits in this browser, and how long the oldest of it has: for the metrics alone.
    Raises OneThingError INVALID_REQUEST for what are no such numbers."""
    requests: Requests = request.app.state.requests
    said = [sent.value(name) for name in ("entries", "oldest_s")]
    if not all(one.isascii() and one.isdigit() and len(one) < _DIGITS for one in said):
        raise OneThingError(FailureCode.INVALID_REQUEST, "没有写明几份、放了多久。")
    entries, oldest_s = map(int, said)
    requests.outbox_waiting(entries, oldest_s)
    return json_answer({})


_OWN = [Depends(its_own_account)]


@router.post("/key", response_class=Response)
async def key(context: InContext, by: By, session: Session, sent: Sent) -> Response:
    """Of this account on this computer; and what time it is, for the computer's own clock may be wrong.
    Raises OneThingError INVALID_REQUEST for what is no computer."""
    try:
        found = device_keys(context.sealer, by.subject, sent.value("device"))
    except ValueError:
        raise OneThingError(FailureCode.INVALID_REQUEST, "这台电脑没有编号，请刷新页面后再试。") from None
    keys = [{"id": one.key_id, "key": base64.b64encode(one.key).decode(), "owner": one.owner} for one in found]
    idle = times_of(by.role, shared=session.shared).idle
    return json_answer(
        {
            "account": account_mark(context, by),
            "keys": keys,
            "now_ms": int(context.clock.now().timestamp() * 1000),
            "ends_ms": int(session.ends_at.timestamp() * 1000),
            "idle_s": int(idle.total_seconds()),
        }
    )


@router.post("/drafts/{code}", response_class=Response, dependencies=_OWN)
async def put(code: BundleCodePath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """The first step: all that was typed is a draft."""
    bundle = bundles.show(context, code, by.region)
    typed = TakeIn.of_browser(bundle, sent)
    typed = replace(typed, answers=dict((await bundles.plan_so_far(context, bundle.ref, typed.answers)).answers))
    saved = saved_in(sent)
    try:
        made = await save(request, context, by, bundle, typed, sent, saved)
    except OneThingError as refused:
        begun = saved.case_no if saved else await _begun(context, by, sent.key)
        if begun is None or refused.code not in _GONE_ON:
            raise
        return refusal_answer(refused, await _stands(context, by, bundle, begun, typed))
    answer = json_answer({"case_no": made.saved.case_no, "version": made.saved.version})
    if made.query_code is not None:
        query_codes.keep(request, answer, context, by, made.saved.case_no, made.query_code, _COUNTER)
    return answer


async def _begun(context: AppContext, by: Principal, key: str) -> CaseNo | None:
    """What the form's own button had begun, where its answer never came."""
    before = await drafts.begun(context, by, key)
    return CaseNo.parse(before.case_no) if before else None


@uploads.post("/cases/{case_no}/materials/{code}", response_class=Response, dependencies=_OWN)
async def upload(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, session: Session
) -> Response:
    """The second, once for each file: the same file again is the one that is there. Raises OneThingError NOT_FOUND for
    a material that nobody asks for any more."""
    try:
        material = await _name_of(context, by, case_no, code)
        sent = await read_file(request, session, by, files.LIMITS, material)
        await files.keep(context, by, case_no, code, sent.files)
    except OneThingError as refused:
        if refused.code not in _GONE_ON:
            raise
        return refusal_answer(refused, await _stands(context, by, None, case_no, TakeIn()))
    return json_answer({"case_no": case_no, "code": code})


async def _name_of(context: AppContext, by: Principal, case_no: CaseNo, code: str) -> str:
    try:
        return await files.may_upload(context, by, case_no, code)
    except InvalidInput as unknown:
        raise OneThingError(FailureCode.NOT_FOUND, unknown.problems[0].detail) from None
    except OneThingError as refused:
        if refused.code is not FailureCode.UNKNOWN_MATERIAL:
            raise
        raise OneThingError(FailureCode.NOT_FOUND, refused.detail) from None


@router.post("/cases/{case_no}/submission", response_class=Response, dependencies=_OWN)
async def submit(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """The last: it was received when the slip says. Not what may be the same as another one, until whoever took it in
    says that they have looked: there was nobody to ask without a line."""
    said = {"at": sent.value("/received/at"), "device_contact_at": sent.value("/received/device_contact_at")}
    received = as_request(OfflineReceipt, said)
    if (found := await _not_looked_at(context, by, sent, case_no)) is not None:
        refused = NotAllowed(FailureCode.NOT_ALLOWED_NOW, _MAYBE_TWICE)
        told = {"case_nos": found.case_nos, "unseen": found.unseen, "looked_at": said_of(found)}
        return refusal_answer(refused, duplicates=told)
    try:
        await submit_received(request, context, by, sent, case_no, received)
    except (OneThingError, RequestValidationError) as refused:
        if not isinstance(refused, OneThingError) or refused.code not in _GONE_ON:
            raise
        return refusal_answer(refused, await _stands(context, by, None, case_no, TakeIn()))
    code = query_codes.known(request, context, by, case_no)
    answer = json_answer({"case_no": case_no})
    if code is not None:
        query_codes.keep(request, answer, context, by, case_no, code, _COUNTER)
    return answer


async def _not_looked_at(context: AppContext, by: Principal, sent: Form, case_no: CaseNo) -> Duplicates | None:
    """Others that may be the same, of a draft; what was submitted already stays so."""
    view, _ = await cases_search.show(context, by, case_no)
    if view.status != CaseStatus.DRAFT:
        return None
    found = await duplicates.of_draft(context, by, case_no)
    return found if found and not has_looked_at(found, sent) else None


async def _stands(
    context: AppContext, by: Principal, bundle: BundleView | None, case_no: CaseNo, typed: TakeIn
) -> Mapping[str, object]:
    """What there is in place of the draft that the clerk had before them."""
    view, _ = await cases_search.show(context, by, case_no)
    stands: dict[str, object] = {
        "case_no": case_no,
        "status": view.status,
        "name": STATUS_NAMES[CaseStatus(view.status)],
    }
    if view.status == CaseStatus.DRAFT and bundle is not None:
        stands |= {"version": view.version, "differs": list(_differing(bundle, TakeIn.of_draft(view), typed))}
    return stands


def _differing(bundle: BundleView, stands: TakeIn, typed: TakeIn) -> Iterator[str]:
    """Names of what is not the same, no values."""
    if stands.answers != typed.answers:
        yield "办理情形"
    if any(
        _whole(one) != _whole(other)
        for one, other in ((stands.applicant, typed.applicant), (stands.agent, typed.agent))
    ):
        yield "申请人、代办人"
    yield from (one.label for one in bundle.form if stands.form.get(one.id) != typed.form.get(one.id))
    if stands.delivery != typed.delivery:
        yield "送达方式"
    if stands.materials != typed.materials:
        yield "材料的收取情况"


def _whole(party: Mapping[str, str]) -> Mapping[str, str]:
    """As it is saved: what was not chosen is what most are."""
    return {"type": "person", "id_type": "resident_id", **party} if party else party
