"""Every failure leaves as application/problem+json (RFC 9457): a code for programs, a Chinese sentence for people."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError

MEDIA_TYPE = "application/problem+json"
F = FailureCode

STATUS: dict[FailureCode, int] = {
    F.INVALID_REQUEST: 422,
    F.UNKNOWN_FIELD: 422,
    F.INVALID_VALUE: 422,
    F.MISSING_VALUE: 422,
    F.MISSING_MATERIAL: 422,
    F.UNKNOWN_MATERIAL: 422,
    F.TOO_LARGE: 413,
    F.WRONG_FILE_TYPE: 415,
    F.WRONG_CONTENT_TYPE: 415,
    F.REQUEST_TIMEOUT: 408,
    F.MALFORMED_JSON: 400,
    F.IDEMPOTENCY_KEY_MISSING: 400,
    F.IDEMPOTENCY_KEY_REUSED: 422,
    F.STALE_VERSION: 412,
    F.VERSION_MISSING: 428,
    F.METHOD_NOT_ALLOWED: 405,
    F.NOT_SIGNED_IN: 401,
    F.INSUFFICIENT_AUTHENTICATION: 401,
    F.WRONG_CREDENTIALS: 401,
    F.BAD_SIGNATURE: 401,
    F.NOT_PERMITTED: 403,
    F.TOO_MANY_REQUESTS: 429,
    F.NOT_FOUND: 404,
    F.UNKNOWN_BUNDLE: 404,
    F.NOT_ALLOWED_NOW: 409,
    F.ALREADY_DECIDED: 409,
    F.ALREADY_ISSUED: 422,
    F.PERSON_ENDED: 422,
    F.CLAIMED_BY_ANOTHER: 409,
    F.SECOND_DEMAND: 409,
    F.NEWER_MATERIAL: 409,
    F.NEWER_CHANGE: 409,
    F.NOT_ASKED_FOR: 422,
    F.PLAN_FIXED: 422,
    F.DISCREPANCY: 409,
    F.CONCURRENT_CHANGE: 409,
    F.BUSY: 503,
    F.NEWER_STATE: 503,
    F.UNAVAILABLE: 503,
    F.INTERNAL: 500,
    # of activities; a request never meets them, and if it did it would be our own fault
    F.SOURCE_UNAVAILABLE: 500,
    F.SOURCE_REFUSED: 500,
    F.SOURCE_MALFORMED: 500,
    F.COMMAND_VOID: 500,
}

TITLE: dict[int, str] = {
    400: "请求无法读取",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    408: "等待过久",
    409: "当前状态不允许",
    412: "内容已被修改",
    413: "内容过大",
    415: "格式不支持",
    422: "内容需要修改",
    428: "缺少版本",
    429: "请求过于频繁",
    500: "系统内部错误",
    503: "暂时无法办理",
}
_RETRY_AFTER_S = 2
LONGEST_NAME = 200
"""Of a parameter or a member of an object, in characters: what is longer is not one of ours, and not repeated."""


class ProblemError(BaseModel):
    """One thing wrong: in the body (`pointer`, RFC 6901) or in a path, query or header value (`parameter`)."""

    pointer: str | None = None
    parameter: str | None = None
    code: FailureCode
    detail: str


class StandingDecision(BaseModel):
    """Who was first, in a 409."""

    outcome: str
    at: str
    department: str
    department_name: str


class Problem(BaseModel):
    """RFC 9457 problem details. `more`: there is more wrong than `errors` tells, 50 at most."""

    type: str
    title: str
    status: int
    detail: str
    code: FailureCode
    errors: list[ProblemError] | None = None
    more: bool | None = None
    standing: StandingDecision | None = None


Where = Literal["body", "query", "path", "header"]


class BadParameter(OneThingError):
    """A path, query or header value that can't be used."""

    def __init__(self, parameter: str, detail: str, code: FailureCode = FailureCode.INVALID_VALUE) -> None:
        super().__init__(code, detail)
        self.parameter = parameter


def problem(
    code: FailureCode,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] | None = None,
    more: bool = False,
    standing: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    status = STATUS[code]
    body: dict[str, Any] = {
        "type": f"urn:onething:problem:{code}",
        "title": TITLE.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    if more:
        body["more"] = True
    if standing:
        body["standing"] = standing
    return Response(orjson.dumps(body), status, {**_headers_of(status), **(headers or {})}, MEDIA_TYPE)


def from_error(error: OneThingError) -> Response:
    """The one way from a failure of ours to a response."""
    errors: list[dict[str, str]] | None = None
    if isinstance(error, InvalidInput):
        errors = [_error_of(one) for one in error.problems]
    elif isinstance(error, BadParameter):
        errors = [{"parameter": error.parameter[:LONGEST_NAME], "code": error.code, "detail": error.detail}]
    headers = {}
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        headers["Retry-After"] = str(retry_after)
    if (challenge := getattr(error, "challenge", None)) is not None:
        headers["WWW-Authenticate"] = challenge
    return problem(
        error.code,
        error.detail,
        errors=errors,
        more=isinstance(error, InvalidInput) and error.more,
        standing=getattr(error, "standing", None),
        headers=headers,
    )


def _error_of(problem: FieldProblem) -> dict[str, str]:
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}


def _headers_of(status: int) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return {"Connection": "close"}  # the rest of the body is not waited for either
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(_RETRY_AFTER_S)}
    return {}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of the problems that a call may answer with; 500 and 503 are everywhere, and what may be too
    large (413) may come too slowly (408) as well."""
    slow = (408,) if 413 in statuses else ()
    return {
        status: {
            "description": TITLE[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *slow, 500, 503})
    }


ACT_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)
"""Of an act on a case or task."""
READ_PROBLEMS = documented(401, 403, 404, 422)
"""Of reading one thing that is somebody's."""
LIST_PROBLEMS = documented(401, 403, 422)
"""Of a list for those who may."""
