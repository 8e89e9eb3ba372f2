"""Signing in with an issuer: to its page, and back with a code. What has to be brought back is sealed in a cookie."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.dependencies import InContext
from onething.edge.query import QueryModel
from onething.security.identity.refusals import NotSignedIn
from onething.security.sealing import SealBroken
from onething.services.core.context import AppContext
from onething.services.identity import page_sessions
from onething.web.core import cookies
from onething.web.core.audience import home_of
from onething.web.core.routes import PageRoute, own_path, see_other
from onething.web.core.templating import Pages

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_PLACE = "page_sign_in"
_BACK = "/sign-in/callback"


class BeginQuery(QueryModel):
    return_to: str = Field("", max_length=2_000)
    shared: str = Field("", max_length=1)


class BackQuery(QueryModel):
    """As the issuer sends people back (RFC 6749 4.1.2, RFC 9207)."""

    state: str = Field(max_length=200)
    code: str = Field("", max_length=2_000)
    iss: str | None = Field(None, max_length=500)
    error: str = Field("", max_length=100)
    error_description: str = Field("", max_length=1_000)
    session_state: str = Field("", max_length=500)


@router.get(_BACK, response_class=Response)
async def back(request: Request, context: InContext, query: Annotated[BackQuery, Query()]) -> Response:
    """Raises NotSignedIn for an answer that this browser has not asked for, or that says no."""
    try:
        sealed = bytes.fromhex(cookies.sign_in_begun(request))
        begun = context.sealer.open_json(sealed, context=_PLACE)
    except (ValueError, SealBroken):
        raise NotSignedIn("登录没有完成：这次登录不是从这个浏览器开始的，或者已经过了十分钟。请重新登录。") from None
    flow = context.code_flows.get(begun["issuer"])
    if flow is None or query.state != begun["state"] or query.error or not query.code:
        raise NotSignedIn("登录没有完成，请重新登录。")
    flow.require_from(query.iss)
    tokens = await flow.redeem(query.code, begun["verifier"], _redirect_uri(request))
    session = await page_sessions.begin(
        context,
        tokens,
        issuer=begun["issuer"],
        shared=begun["shared"],
        browser=request.headers.get("user-agent", ""),
        earlier=cookies.session_secret(request),
    )
    answer = see_other(begun["return_to"] or home_of(session.signed_in.principal))
    cookies.keep_session(request, answer, session.secret)
    cookies.drop_sign_in(request, answer)
    return answer


@router.get("/sign-in/{code}", response_class=Response)
async def begin(code: str, request: Request, context: InContext, query: Annotated[BeginQuery, Query()]) -> Response:
    """Raises NOT_FOUND for an issuer that nobody signs in with."""
    flow = context.code_flows.get(code)
    if flow is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这种登录方式，请从登录页选择。")
    begun = await flow.begin(_redirect_uri(request))
    kept = {
        "issuer": code,
        "state": begun.state,
        "verifier": begun.verifier,
        "return_to": own_path(query.return_to),
        "shared": bool(query.shared),
    }
    answer = see_other(begun.url)
    cookies.keep_sign_in(request, answer, context.sealer.seal(orjson.dumps(kept), context=_PLACE).hex())
    return answer


def _redirect_uri(request: Request) -> str:
    pages: Pages = request.app.state.pages
    return pages.public_url + _BACK


def ways(context: AppContext) -> tuple[tuple[str, str], ...]:
    """(code, name) of those with whom people sign in."""
    return tuple((code, flow.name) for code, flow in context.code_flows.items())
