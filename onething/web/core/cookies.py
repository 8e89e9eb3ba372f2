"""The cookies: the session's, that the large version is wanted, the sealed code of a case that was asked for."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from onething.web.core.templating import Pages

_SECURE = "__Host-onething"
_PLAIN = "onething"  # where there is no TLS, which is on this machine only; browsers refuse the prefix there
_LARGE = "onething-large"
_PROGRESS, _PROGRESS_PATH = "onething-progress", "/progress"
_A_YEAR_S = 365 * 24 * 3600


def session_secret(request: Request) -> str:
    """What the browser shows; empty for none."""
    return request.cookies.get(_name(request), "")


def keep_session(request: Request, response: Response, secret: str) -> None:
    """Until the browser is closed: when the session ends is the record's business."""
    response.set_cookie(_name(request), secret, path="/", secure=_secure(request), httponly=True, samesite="lax")


def drop_session(request: Request, response: Response) -> None:
    response.delete_cookie(_name(request), path="/", secure=_secure(request), httponly=True, samesite="lax")


def is_large(request: Request) -> bool:
    return request.cookies.get(_LARGE) == "1"


def keep_large(request: Request, response: Response, *, large: bool) -> None:
    value, age = ("1", _A_YEAR_S) if large else ("", 0)
    response.set_cookie(_LARGE, value, max_age=age, path="/", secure=_secure(request), httponly=True, samesite="lax")


def progress_code(request: Request) -> str:
    """As it was sealed; empty for none."""
    return request.cookies.get(_PROGRESS, "")


def keep_progress(request: Request, response: Response, sealed: str) -> None:
    """For the pages of progress alone, until the browser is closed."""
    response.set_cookie(_PROGRESS, sealed, path=_PROGRESS_PATH, secure=_secure(request), httponly=True, samesite="lax")


def _secure(request: Request) -> bool:
    pages: Pages = request.app.state.pages
    return pages.secure


def _name(request: Request) -> str:
    return _SECURE if _secure(request) else _PLAIN
