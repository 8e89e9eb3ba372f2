"""Whether a form comes from a page of ours: by what the browser says of where it is from, and by the session's token.

Browsers say it in `Sec-Fetch-Site` (Chromium 76, Firefox 90, Safari 16.4), older ones in `Origin`. The token guards
where neither is to be believed.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from onething.domain.errors import FailureCode, OneThingError
from onething.security.page_sessions import is_form_token
from onething.services.identity.page_sessions import PageSession

TOKEN_FIELD = "_token"  # noqa: S105  its name, no secret


class Forged(OneThingError):
    """A form that is not from a page of ours, or from one of another session."""

    def __init__(self) -> None:
        super().__init__(
            FailureCode.NOT_PERMITTED,
            "这次提交不是从本系统当前登录的页面发出的，没有生效。请返回上一页刷新后再提交；您填的内容还在那里。",
        )


def require_same_origin(request: Request) -> None:
    """Raises Forged for what another site, or nobody, says it comes from."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise Forged
        return
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc != request.headers.get("host"):
        raise Forged


def require_token(session: PageSession, token: str) -> None:
    """Raises Forged unless the form was rendered for this session."""
    if not is_form_token(session.secret, token):
        raise Forged
