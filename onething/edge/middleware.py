"""Around every request: whom it comes from, security headers, a log line and a count without personal data, a problem
where code failed."""

import logging
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from onething.domain.errors import FailureCode
from onething.edge.metrics import Requests
from onething.edge.origin import SCOPE_KEY, origin_of
from onething.edge.problems import problem
from onething.security.addresses import TrustedProxies
from onething.security.origin import ORIGIN

AsgiScope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[AsgiScope, Receive, Send], Awaitable[None]]

log = logging.getLogger("onething.api")

_DOCS_CSP = b"default-src 'none'; frame-ancestors 'none'"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", _DOCS_CSP),
)
_NO_STORE = (b"cache-control", b"no-store")


class Guard:
    """The outermost layer. Pure ASGI: streams pass through untouched."""

    def __init__(self, app: ASGIApp, requests: Requests, trusted: TrustedProxies) -> None:
        self._app = app
        self._requests = requests
        self._trusted = trusted

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        origin = scope[SCOPE_KEY] = origin_of(scope, self._trusted)
        own_headers = (*_HEADERS, _NO_STORE, (b"x-request-id", origin.request_id.encode()))
        outside = ORIGIN.set(origin)

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._requests.add(scope["method"], _route(scope), status, time.perf_counter() - began)
                headers = list(message.get("headers", ()))
                named = {name.lower() for name, _ in headers}
                message = {**message, "headers": headers + [one for one in own_headers if one[0] not in named]}
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as error:
            _log_failure(scope, error)
            if status == 0:
                answer = problem(
                    FailureCode.INTERNAL, "系统内部错误，您的操作没有生效，请稍后重试；如仍失败请联系管理员。"
                )
                await answer(scope, receive, guarded)
        finally:
            ORIGIN.reset(outside)
            _log_request(scope, status, time.perf_counter() - began)


def _route(scope: AsgiScope) -> str:
    """The route's template: case numbers and query strings stay out of logs."""
    return str(getattr(scope.get("route"), "path", "-"))


def _log_request(scope: AsgiScope, status: int, seconds: float) -> None:
    told = {"request_id": scope[SCOPE_KEY].request_id}
    log.info("%s %s %d %.1f ms", scope["method"], _route(scope), status, seconds * 1000, extra=told)


def _log_failure(scope: AsgiScope, error: Exception) -> None:
    """Type and places only: the message of an exception may quote what somebody sent."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("%s %s failed: %s at %s", scope["method"], _route(scope), type(error).__name__, " < ".join(places[::-1]))
