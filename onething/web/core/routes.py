"""The classes of routes of pages: who is signed in with this browser, forms nobody else can send, failures as pages."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.limits import note_refusal, within_limits
from onething.edge.route_limits import limit_of
from onething.edge.routes import Handler
from onething.edge.strict import check_query
from onething.services.identity import kept_forms, page_sessions
from onething.services.identity.kept_forms import KeptForm
from onething.services.identity.page_sessions import PageSession
from onething.web.core import cookies, forgery
from onething.web.core.audience import is_theirs
from onething.web.core.forms import FORM_TYPE, Form, read_form
from onething.web.core.problems import failure_page

KEPT_PATH = "/kept"
"""Where who has signed in anew finds what they had sent before."""
_READING = frozenset({"GET", "HEAD"})


class PageRoute(APIRoute):
    """A page for anybody. Whoever is signed in is known; a form comes from a page of ours."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        limit = limit_of(self.methods or set(), self.path)

        async def page(request: Request) -> Response:
            try:
                check_query(request)
                if request.method not in _READING:
                    forgery.require_same_origin(request)
                session = await know_session(request, used=self.is_use)
                if session is None and self.signed_in_only:
                    return await self.not_signed_in(request)
                _require_theirs(session, request.url.path)
                if request.method not in _READING:
                    await self.read(request, session)
                return await within_limits(limit, request, handle)
            except OneThingError as error:
                note_refusal(request, error)
                return self.refused(request, error)
            except RequestValidationError as error:
                return self.refused(request, error)

        return page

    signed_in_only = False
    is_use = True  # whoever asks for the page does something, so their session goes on

    async def read(self, request: Request, _: PageSession | None) -> None:
        """The body. Raises as `read_form`. Nothing here is done in anybody's name: no token of a session is needed."""
        request.state.form = await read_form(request)

    async def not_signed_in(self, request: Request) -> Response:
        """To who has to sign in first."""
        return await _to_sign_in(request)

    def refused(self, request: Request, error: OneThingError | RequestValidationError) -> Response:
        """What is told of a failure that the endpoint does not show by itself."""
        return failure_page(request, error)


class SignedInPageRoute(PageRoute):
    """A page for who is signed in; others are asked to, and come back."""

    signed_in_only = True

    async def read(self, request: Request, session: PageSession | None) -> None:
        """The body. Raises Forged, and as `read_form`."""
        await super().read(request, session)
        if session is not None:
            forgery.require_token(session, request.state.form.value(forgery.TOKEN_FIELD))


class SessionRoute(PageRoute):
    """Asked by a page by itself, while nobody does anything."""

    is_use = False


def _require_theirs(session: PageSession | None, path: str) -> None:
    """Raises OneThingError NOT_FOUND for a page that is made for other roles."""
    if session is not None and not is_theirs(session.signed_in.principal, path):
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个页面，或者它不归您办理。")


async def know_session(request: Request, *, used: bool = False) -> PageSession | None:
    """Of whoever is signed in with this browser. `used`: the session goes on by it."""
    secret = cookies.session_secret(request)
    session = await page_sessions.find(request.app.state.context, secret, used=used) if secret else None
    request.state.session = session
    if session is not None:
        request.state.signed_in = session.signed_in
    return session


async def _to_sign_in(request: Request) -> Response:
    """What was sent is kept, and given back afterwards."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    kept = None
    if request.method not in _READING:
        back, kept = "/", await _kept(request)
    path = f"/sign-in?return_to={quote(KEPT_PATH if kept else back, safe='')}"
    if "hx-request" in request.headers:  # the whole page goes there, not the part that asked
        answer = Response(status_code=204, headers={"HX-Redirect": path})
    else:
        answer = see_other(path)
    if kept:
        cookies.keep_kept_form(request, answer, kept)
    return answer


async def _kept(request: Request) -> str | None:
    """The secret that brings it back. Files are not kept: they are chosen again. Raises as `read_form`."""
    secret = cookies.session_secret(request)
    if not secret or not request.headers.get("content-type", "").startswith(FORM_TYPE):
        return None
    form = await read_form(request)
    fields = tuple(one for one in form.fields if one[0] != forgery.TOKEN_FIELD)
    return await kept_forms.keep(request.app.state.context, secret, KeptForm(request.url.path, fields))


def see_other(path: str) -> Response:
    """After a form: the page to look at. Going back and refreshing do not send it again."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


def with_query(path: str, query: Mapping[str, str | None]) -> str:
    """The address; what says nothing is left out of its query."""
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{told}" if told else path


def own_path(path: str) -> str:
    """A path of this site to go back to; empty for anything else, such as `//elsewhere.example`."""
    own = path.startswith("/") and not path.startswith(("//", "/\\", "/sign-in", "/api/"))
    return path if own and path.isprintable() and "\\" not in path else ""


async def _form(request: Request) -> Form:
    form: Form = request.state.form
    return form


async def _session_of(request: Request) -> PageSession:
    session: PageSession = request.state.session
    return session


Sent = Annotated[Form, Depends(_form)]
"""The form, of a POST."""
Session = Annotated[PageSession, Depends(_session_of)]
"""Of who is signed in, on pages for those only; `onething.edge.dependencies.By` says who that is."""
