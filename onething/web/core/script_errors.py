"""What fails in scripts of our pages, told by the page: of which kind, in which of our files, at which line.

Not the words of the error, which may hold what somebody typed. Anybody may tell anything: what is none of few known
names is `other`.
"""

import logging

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.metrics import Requests
from onething.web.core.routes import Sent, SessionRoute
from onething.web.core.templating import Pages

_log = logging.getLogger(__name__)
router = APIRouter(route_class=SessionRoute, include_in_schema=False)
OTHER = "other"
_KINDS = frozenset(
    (
        *("Error", "TypeError", "ReferenceError", "RangeError", "SyntaxError", "AbortError", "DataError"),
        *("InvalidStateError", "NotAllowedError", "NotFoundError", "OperationError", "QuotaExceededError"),
    )
)
_LAST_LINE = 99_999


@router.post("/script-errors", response_class=Response)
async def report(request: Request, sent: Sent) -> Response:
    pages: Pages = request.app.state.pages
    requests: Requests = request.app.state.requests
    kind = sent.value("kind") if sent.value("kind") in _KINDS else OTHER
    file = sent.value("file") if pages.assets.has(sent.value("file")) else OTHER
    line = sent.value("line")
    requests.script_error(kind, file)
    at = int(line) if line.isascii() and line.isdigit() and len(line) <= len(str(_LAST_LINE)) else 0
    _log.warning("a page's script failed", extra={"kind": kind, "file": file, "line": at})
    return Response(status_code=204, headers={"Cache-Control": "no-store"})
