"""The classes of routes: strict reading of query and body, who is signed in, who signed the call."""

from collections.abc import Callable, Coroutine
from inspect import isclass, signature
from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.limits import within_limits
from onething.edge.query import QueryModel
from onething.edge.route_limits import limit_of
from onething.edge.strict import MAX_JSON_BYTES, check_query, read_limited, replay, unsafe_text, with_json

_MAX_FORM_BYTES = 4_000

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

TOKEN_SCHEME = {
    "HTTPBearer": {
        "type": "http",
        "description": "试用：`POST /api/auth/token` 得到的令牌；正式环境：统一身份认证的。",
        "scheme": "bearer",
    }
}
"""How OpenAPI describes the token of `SignedInRoute`."""


def bearer_token(request: Request) -> str:
    """The one that the request shows (RFC 6750); empty for none, another scheme, or several."""
    shown = request.headers.getlist("authorization")
    scheme, _, token = shown[0].partition(" ") if len(shown) == 1 else ("", "", "")
    return token if scheme.lower() == "bearer" else ""


class _KnownQueryRoute(APIRoute):
    """A route that takes from the query what its endpoint's `QueryModel` names, each at most once; else nothing. How
    often it may be called stands in `limits.ROUTES`."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if _takes_query(self.endpoint):
            return handle

        async def without_query(request: Request) -> Response:
            if request.scope["query_string"]:  # no dependency of the framework's: most requests have none
                unknown = [{"type": "extra_forbidden", "loc": ("query", name)} for name in request.query_params]
                raise RequestValidationError(unknown)
            return await handle(request)

        return without_query

    def _limited(self, handle: Handler) -> Handler:
        """The handler, for callers who have not called too often."""
        limit = limit_of(self.methods or set(), self.path)

        async def within(request: Request) -> Response:
            return await within_limits(limit, request, handle)

        return within


def _takes_query(endpoint: Callable[..., Any]) -> bool:
    hints = (get_args(parameter.annotation) for parameter in signature(endpoint).parameters.values())
    return any(hint and isclass(hint[0]) and issubclass(hint[0], QueryModel) for hint in hints)


class StrictRoute(_KnownQueryRoute):
    """A route whose query must be known and whose JSON body is read by `read_json`."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        takes_json = self.body_field is not None
        needs_json = self.body_field is not None and self.body_field.field_info.is_required()

        async def strictly(request: Request) -> Response:
            check_query(request)
            return await handle(await with_json(request, needs_json, self._judge) if takes_json else request)

        return self._limited(strictly)

    def _judge(self, value: Any) -> None:
        """As the framework does it, and may do again."""
        assert self.body_field is not None  # noqa: S101
        _, errors = self.body_field.validate(value, loc=("body",))
        if errors:
            raise RequestValidationError(errors)


class SignedInRoute(StrictRoute):
    """A strict route for signed-in callers only. The token is read first: nobody unknown makes us parse a body."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # said here, since a dependency of the framework's that says it would be solved at each request, for nothing
        self.openapi_extra = {**(self.openapi_extra or {}), "security": [{name: []} for name in TOKEN_SCHEME]}

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed_in(request: Request) -> Response:
            request.state.signed_in = await request.app.state.context.signed_in(bearer_token(request))
            return await handle(request)

        return signed_in


class MaybeSignedInRoute(SignedInRoute):
    """A strict route for anybody: whoever shows a token is known by it, and may not show a wrong one."""

    def get_route_handler(self) -> Handler:
        signed_in, anybody = super().get_route_handler(), StrictRoute.get_route_handler(self)

        async def maybe(request: Request) -> Response:
            return await (signed_in if request.headers.get("authorization") else anybody)(request)

        return maybe


class SignedCallRoute(StrictRoute):
    """A strict route for systems that sign what they send; its path names `{source}` or `{department}`. The signature
    is read first: nobody unknown makes us parse a body."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed(request: Request) -> Response:
            raw = await read_limited(request, MAX_JSON_BYTES)
            context, path = request.app.state.context, request.path_params
            who = f"sources/{path['source']}" if "source" in path else f"departments/{path['department']}"
            context.shared_secrets.verify(who, request.headers, raw, context.clock)
            return await handle(Request(request.scope, replay(raw)))

        return signed


class FormRoute(_KnownQueryRoute):
    """A strict route for small URL-encoded forms."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def with_form(request: Request) -> Response:
            check_query(request)
            media_type, _, _ = request.headers.get("content-type", "").partition(";")
            if media_type.strip().lower() != "application/x-www-form-urlencoded":
                detail = "请以表单提交：Content-Type: application/x-www-form-urlencoded。"
                raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, detail)
            read = Request(request.scope, replay(await read_limited(request, _MAX_FORM_BYTES)))
            for name, value in (await read.form()).multi_items():
                if not isinstance(value, str) or list(unsafe_text(name + value, "")):
                    raise OneThingError(FailureCode.INVALID_REQUEST, "表单中有无法识别的字符，请重新填写。")
            return await handle(read)

        return self._limited(with_form)
