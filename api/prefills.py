"""What other systems tell, as signed CloudEvents, and who confirms the drafts that come of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError, require_valid
from onething.edge.dependencies import By, IdempotencyKey, InContext, reply, view_response
from onething.edge.limits import counting
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, BadParameter, documented
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute, StrictRoute
from onething.edge.strict import read_json, read_limited
from onething.security.limits import Allowance
from onething.services.intake import prefill_events, prefills
from onething.services.intake.schemas import PrefillRequest
from onething.services.summaries import case_summary

receiving = APIRouter(tags=["事件"], route_class=StrictRoute)
router = APIRouter(prefix="/api/prefills", tags=["事件"], route_class=SignedInRoute)
PrefillId = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$", description="预填申请的编号")]
_MOST_BYTES = 64_000
_LONGEST = {"id": 200, "source": 200, "type": 120}
_STRUCTURED = "application/cloudevents+json"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            _STRUCTURED: {
                "schema": {
                    "type": "object",
                    "required": ["specversion", "id", "source", "type", "data"],
                    "properties": {
                        "specversion": {"const": "1.0"},
                        **{name: {"type": "string", "maxLength": most} for name, most in _LONGEST.items()},
                        "data": {"type": "object"},
                    },
                }
            },
            "application/json": {"schema": {"type": "object", "description": "data；属性在 ce- 开头的头中"}},
        },
    }
}


@receiving.post(
    "/api/events",
    status_code=202,
    summary="其他系统发来的 CloudEvents 事件（结构化或二进制模式），按 Standard Webhooks 签名",
    response_model=prefill_events.Received,
    responses=documented(400, 401, 413, 415, 422),
    openapi_extra=_BODY,
)
async def receive(request: Request, context: InContext) -> Response:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (_STRUCTURED, "application/json"):
        detail = f"请以 {_STRUCTURED} 发送事件，或以 application/json 发送数据、以 ce- 开头的头发送属性。"
        raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, detail)
    raw = await read_limited(request, _MOST_BYTES)
    context.shared_secrets.verify_some("events", request.headers, raw, context.clock)
    body = read_json(raw)
    event = _structured(body) if media_type == _STRUCTURED else _binary(request, body)
    return reply(await prefill_events.receive(context, event, request.headers, raw))


@router.get(
    "",
    summary="待确认的预填申请，新的在前：综合窗口看本地区的，市民看写明是自己的",
    response_model=prefills.PrefillPage,
    responses=LIST_PROBLEMS,
)
async def list_prefills(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await prefills.page(context, by, page.limit, page.after))


@router.get(
    "/{prefill}",
    summary="一份预填申请，每个值注明来历",
    response_model=prefills.PrefillView,
    responses=documented(401, 403, 404, 409, 422),
)
async def show(prefill: PrefillId, context: InContext, by: By) -> Response:
    return view_response(await prefills.show(context, by, prefill))


@router.post(
    "/{prefill}/confirm",
    status_code=201,
    summary="确认：成为本人的草稿，可修改后提交",
    response_model=case_summary.Opened,
    responses=ACT_PROBLEMS,
)
async def confirm(
    prefill: PrefillId,
    context: InContext,
    by: By,
    key: IdempotencyKey,
    http: Request,
    request: PrefillRequest | None = None,
) -> Response:
    with counting(http, Allowance.DRAFT) as counted:
        return reply(counted.of(await prefills.confirm(context, by, key, prefill, request or PrefillRequest())))


def _structured(body: Any) -> prefill_events.CloudEvent:
    if not isinstance(body, dict):
        raise InvalidInput([FieldProblem("", FailureCode.INVALID_REQUEST, "事件须是对象。")])
    found = {name: _wrong(body.get(name), most) for name, most in _LONGEST.items()}
    found["specversion"] = None if body.get("specversion") == "1.0" else "须是 1.0。"
    found["data"] = None if isinstance(body.get("data"), dict) else "须是对象。"
    require_valid(FieldProblem(f"/{at}", FailureCode.INVALID_VALUE, what) for at, what in found.items() if what)
    return prefill_events.CloudEvent(**{name: body[name] for name in _LONGEST}, data=body["data"], binary=False)


def _binary(request: Request, body: Any) -> prefill_events.CloudEvent:
    attributes = {name: request.headers.get(f"ce-{name}") for name in _LONGEST}
    for name, most in _LONGEST.items():
        if detail := _wrong(attributes[name], most):
            raise BadParameter(f"ce-{name}", detail)
    if request.headers.get("ce-specversion") != "1.0":
        raise BadParameter("ce-specversion", "须是 1.0。")
    return prefill_events.CloudEvent(**{name: str(value) for name, value in attributes.items()}, data=body, binary=True)


def _wrong(value: Any, most: int) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= most:
        return f"须是 1 至 {most} 个字符的文本。"
    if not value.isascii() or not value.isprintable():
        return "只能用可见的 ASCII 字符。"
    return None
