"""The page to sign in from, by an account of the trial too; signing out; 长辈版."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onething.domain.errors import OneThingError
from onething.domain.principal import Role
from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel
from onething.security.identity.code_flow import Tokens
from onething.services.core.context import AppContext
from onething.services.identity import kept_forms, page_sessions
from onething.services.identity.page_sessions import PageSession
from onething.services.identity.sign_in import sign_in
from onething.web.core import cookies
from onething.web.core.audience import home_of
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import (
    KEPT_PATH,
    PageRoute,
    Sent,
    Session,
    SessionRoute,
    SignedInPageRoute,
    own_path,
    see_other,
)
from onething.web.core.templating import render
from onething.web.identity.code_flow import ways

anybody = APIRouter(route_class=PageRoute, include_in_schema=False)
signed_in = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
by_itself = APIRouter(route_class=SessionRoute, include_in_schema=False)
_TEMPLATE = "identity/page_sign_in.html"


class SignInQuery(QueryModel):
    return_to: str = Field("", max_length=2_000)


@anybody.get("/sign-in", response_class=Response)
async def form(request: Request, context: InContext, query: Annotated[SignInQuery, Query()]) -> Response:
    return _page(request, context, own_path(query.return_to))


@anybody.post("/sign-in", response_class=Response)
async def begin(request: Request, context: InContext, sent: Sent) -> Response:
    """Back to where they came from, with a session of a new secret."""
    username, return_to = sent.value("username").strip(), own_path(sent.value("return_to"))
    try:
        token = await sign_in(context, username, sent.value("password"))
        tokens = Tokens(token.access_token, refresh=None)
        session = await page_sessions.begin(
            context,
            tokens,
            shared=sent.has("shared"),
            browser=request.headers.get("user-agent", ""),
            earlier=cookies.session_secret(request),
        )
    except OneThingError as refused:
        return _page(request, context, return_to, username, mistakes_of(refused))
    answer = see_other(return_to or home_of(session.signed_in.principal))
    cookies.keep_session(request, answer, session.secret)
    return answer


def _page(
    request: Request, context: AppContext, return_to: str, username: str = "", mistakes: Mistakes | None = None
) -> Response:
    """`departments`: for trying things out, of which nobody could guess the codes."""
    values = {
        "return_to": return_to,
        "username": username,
        "mistakes": mistakes,
        "ways": ways(context),
        "departments": context.departments_on_duty(),
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes else 200)


@signed_in.post("/sign-out", response_class=Response)
async def end(request: Request, context: InContext) -> Response:
    session: PageSession = request.state.session
    await page_sessions.end(context, session)
    answer = see_other("/")
    cookies.drop_session(request, answer)
    # what a counter could not send yet stays, sealed: the script has dropped the key
    stays = session.signed_in.principal.role is Role.COUNTER
    answer.headers["Clear-Site-Data"] = '"cache"' if stays else '"cache", "storage"'
    return answer


@by_itself.get("/session", response_class=Response)
async def seconds_left(request: Request, context: InContext) -> Response:
    """Until the session ends unless somebody does something; 0 for none."""
    session: PageSession | None = request.state.session
    left = int((session.until - context.clock.now()).total_seconds()) if session else 0
    return JSONResponse({"seconds_left": max(left, 0)}, headers={"Cache-Control": "no-store"})


@signed_in.post("/session", response_class=Response)
async def extend(request: Request, session: Session, context: InContext) -> Response:
    """By one press: having been asked for is enough."""
    left = int((session.until - context.clock.now()).total_seconds())
    if "x-script" in request.headers:
        return JSONResponse({"seconds_left": left}, headers={"Cache-Control": "no-store"})
    return see_other(home_of(session.signed_in.principal))


@signed_in.get(KEPT_PATH, response_class=Response)
async def give_back(request: Request, context: InContext, by: By) -> Response:
    """What was sent after the session had ended, to be sent once more: by the same account, with the same key."""
    form = await kept_forms.give_back(context, by, cookies.kept_form_secret(request))
    return render(request, "identity/page_kept.html", {"form": form, "home": home_of(by)})


@anybody.post("/large", response_class=Response)
async def large(request: Request, sent: Sent) -> Response:
    """长辈版, on or off."""
    answer = see_other(own_path(sent.value("return_to")) or "/")
    cookies.keep_large(request, answer, large=sent.value("large") == "1")
    return answer
