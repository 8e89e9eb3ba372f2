"""The cookies: the session's, that the large version is wanted, and for a while what belongs to few pages, sealed."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from onething.web.core.templating import Pages

_SECURE = "__Host-onething"
_PLAIN = "onething"  # where there is no TLS, which is on this machine only; browsers refuse the prefix there
_LARGE = "onething-large"
_SIGN_IN, _SIGN_IN_PATH = "onething-sign-in", "/sign-in"
_KEPT, _KEPT_PATH = "onething-kept", "/kept"
_PROGRESS, _PROGRESS_PATH = "onething-progress", "/progress"
_RECEIPT, _RECEIPT_S = "onething-receipt-", 1800  # before the number of the case
_KEYS = "onething-keys"
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


def has_keys(request: Request) -> bool:
    """Whether keys act by themselves, which they do unless somebody has switched them off with this browser."""
    return request.cookies.get(_KEYS) != "off"


def keep_keys(request: Request, response: Response, *, on: bool) -> None:
    value, age = ("", 0) if on else ("off", _A_YEAR_S)
    response.set_cookie(_KEYS, value, max_age=age, path="/", secure=_secure(request), httponly=True, samesite="lax")


def progress_code(request: Request) -> str:
    """As it was sealed; empty for none."""
    return request.cookies.get(_PROGRESS, "")


def keep_progress(request: Request, response: Response, sealed: str) -> None:
    """For the pages of progress alone, until the browser is closed."""
    response.set_cookie(_PROGRESS, sealed, path=_PROGRESS_PATH, secure=_secure(request), httponly=True, samesite="lax")


def receipt_code(request: Request, case_no: str) -> str:
    """As it was sealed; empty for none."""
    return request.cookies.get(f"{_RECEIPT}{case_no}", "")


def keep_receipt(request: Request, response: Response, case_no: str, sealed: str, path: str) -> None:
    """For the pages under `path`, for half an hour."""
    response.set_cookie(
        f"{_RECEIPT}{case_no}",
        sealed,
        max_age=_RECEIPT_S,
        path=path,
        secure=_secure(request),
        httponly=True,
        samesite="lax",
    )


def kept_form_secret(request: Request) -> str:
    """What brings a form back that was sent after the session had ended; empty for none."""
    return request.cookies.get(_KEPT, "")


def keep_kept_form(request: Request, response: Response, secret: str) -> None:
    """For half an hour, as the form itself is kept."""
    response.set_cookie(
        _KEPT, secret, max_age=1800, path=_KEPT_PATH, secure=_secure(request), httponly=True, samesite="lax"
    )


def sign_in_begun(request: Request) -> str:
    """What a sign-in with an issuer has to bring back, as it was sealed; empty for none."""
    return request.cookies.get(_SIGN_IN, "")


def keep_sign_in(request: Request, response: Response, sealed: str) -> None:
    """For the pages of signing in alone, for ten minutes."""
    response.set_cookie(
        _SIGN_IN, sealed, max_age=600, path=_SIGN_IN_PATH, secure=_secure(request), httponly=True, samesite="lax"
    )


def drop_sign_in(request: Request, response: Response) -> None:
    response.delete_cookie(_SIGN_IN, path=_SIGN_IN_PATH, secure=_secure(request), httponly=True, samesite="lax")


def _secure(request: Request) -> bool:
    pages: Pages = request.app.state.pages
    return pages.secure


def _name(request: Request) -> str:
    return _SECURE if _secure(request) else _PLAIN
