"""Whom a request comes from: the one place where peer and forwarding headers are read."""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from onething.security.addresses import TrustedProxies, address_of
from onething.security.origin import RequestOrigin

SCOPE_KEY = "onething.origin"
_FORWARDED_FOR = b"x-forwarded-for"
_ID_BYTES = 8


def origin_of(scope: Mapping[str, Any], trusted: TrustedProxies) -> RequestOrigin:
    """Of an ASGI request, with an id of its own. Asked once, by the outermost layer."""
    client = scope.get("client")
    told = [value.decode("latin-1") for name, value in scope["headers"] if name == _FORWARDED_FOR]
    return RequestOrigin(address_of(client[0] if client else None, told, trusted), secrets.token_hex(_ID_BYTES))


def of_request(request: Request) -> RequestOrigin:
    """What the outermost layer found."""
    origin: RequestOrigin = request.scope[SCOPE_KEY]
    return origin
