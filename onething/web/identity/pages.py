"""Signing in, by an account of the trial; signing out."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import InContext
from onething.edge.query import QueryModel
from onething.services.identity import page_sessions
from onething.services.identity.sign_in import sign_in
from onething.web.core import cookies
from onething.web.core.audience import home_of
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import PageRoute, Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render

anybody = APIRouter(route_class=PageRoute, include_in_schema=False)
signed_in = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "identity/page_sign_in.html"


class SignInQuery(QueryModel):
    return_to: str = Field("", max_length=2_000)


@anybody.get("/sign-in", response_class=Response)
async def form(request: Request, context: InContext, query: Annotated[SignInQuery, Query()]) -> Response:
    return render(request, _TEMPLATE, {"return_to": own_path(query.return_to), "username": "", "mistakes": None})


@anybody.post("/sign-in", response_class=Response)
async def begin(request: Request, context: InContext, sent: Sent) -> Response:
    """Back to where they came from, with a session of a new secret."""
    username, return_to = sent.value("username").strip(), own_path(sent.value("return_to"))
    try:
        token = await sign_in(context, username, sent.value("password"))
        session = await page_sessions.begin(context, token.access_token, shared=sent.has("shared"))
    except OneThingError as refused:
        mistakes = mistakes_of(refused)
        values = {"return_to": return_to, "username": username, "mistakes": mistakes}
        return render(request, _TEMPLATE, values, status=mistakes.status)
    answer = see_other(return_to or home_of(session.signed_in.principal))
    cookies.keep_session(request, answer, session.secret)
    return answer


@signed_in.post("/sign-out", response_class=Response)
async def end(request: Request, context: InContext) -> Response:
    await page_sessions.end(context, request.state.session)
    answer = see_other("/")
    cookies.drop_session(request, answer)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@anybody.post("/large", response_class=Response)
async def large(request: Request, sent: Sent) -> Response:
    """长辈版, on or off."""
    answer = see_other(own_path(sent.value("return_to")) or "/")
    cookies.keep_large(request, answer, large=sent.value("large") == "1")
    return answer


def own_path(path: str) -> str:
    """A path of this site to go back to; empty for anything else, such as `//elsewhere.example`."""
    own = path.startswith("/") and not path.startswith(("//", "/\\", "/sign-in", "/api/"))
    return path if own and path.isprintable() and "\\" not in path else ""
