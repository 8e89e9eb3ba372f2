"""Routes that a script of a page asks by itself: answered in JSON, failures too, and nothing that was sent is kept."""

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onething.domain.errors import OneThingError
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.uploads import UploadPageRoute

_KEPT_BY_NOBODY = {"Cache-Control": "no-store"}


class ScriptRoute(SignedInPageRoute):
    """For who is signed in. 401 for others: the page keeps what it has, and asks them to sign in."""

    async def not_signed_in(self, request: Request) -> Response:
        return json_answer({"detail": "登录已到期，请重新登录后再发送；没有发出的收件都还在这台电脑上。"}, 401)

    def refused(self, request: Request, error: OneThingError | RequestValidationError) -> Response:
        return refusal_answer(error)


class ScriptUploadRoute(ScriptRoute, UploadPageRoute):
    """With a file, read as `UploadPageRoute` has it."""


def json_answer(value: Mapping[str, object], status: int = 200) -> JSONResponse:
    return JSONResponse(value, status, headers=_KEPT_BY_NOBODY)


def refusal_answer(
    error: OneThingError | RequestValidationError,
    stands: Mapping[str, object] | None = None,
    duplicates: Mapping[str, object] | None = None,
) -> JSONResponse:
    """`stands`: what there is instead, for who has to choose; `duplicates`: what it may be the same as."""
    mistakes = mistakes_of(error)
    fields = [{"pointer": one.pointer, "detail": one.detail} for one in mistakes.fields]
    value = {"detail": mistakes.detail, "code": mistakes.code, "fields": fields, "stands": stands}
    value |= {"duplicates": duplicates} if duplicates else {}
    answer = json_answer(value, mistakes.status)
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
