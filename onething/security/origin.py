"""Which request is being answered, for the access log: set once at the edge of HTTP, read where a line is written."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """`address`: of who called, `-` if it has none. `request_id`: ours, and the answer's `X-Request-Id`."""

    address: str
    request_id: str


ORIGIN: ContextVar[RequestOrigin | None] = ContextVar("origin", default=None)
"""None outside of requests. Every request runs in a context of its own, and what it starts inherits that."""
