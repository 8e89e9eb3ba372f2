"""Puts the pages into the application: one router, what all have in common, compression."""

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from onething.domain.errors import FailureCode, OneThingError
from onething.services.core.context import AppContext
from onething.web import admin, citizen, counter, supervise, work
from onething.web.audit import auditing
from onething.web.bundles import pages as bundles
from onething.web.cases import progress
from onething.web.core import assets, script_errors, stream
from onething.web.core.headers import ASSET
from onething.web.core.problems import failure_page
from onething.web.core.routes import know_session
from onething.web.core.templating import Pages, environment
from onething.web.documents import verification
from onething.web.followup import visit_pages
from onething.web.identity import code_flow, keys, session_pages
from onething.web.identity import pages as identity

static = APIRouter(include_in_schema=False)  # nobody has to be known: a plain route looks for no session
ROUTERS = (
    bundles.router,
    progress.router,
    verification.router,
    visit_pages.anybody,
    identity.anybody,
    keys.router,
    code_flow.router,
    identity.signed_in,
    identity.by_itself,
    session_pages.router,
    *counter.COUNTER_ROUTERS,
    *work.OFFICE_ROUTERS,
    *supervise.SUPERVISION_ROUTERS,
    *admin.ADMIN_ROUTERS,
    auditing.router,
    stream.router,
    script_errors.router,
    static,
    *citizen.CITIZEN_ROUTERS,
)
_API = ("/api/", "/metrics", "/healthz", "/readyz")


@static.get("/static/{digest}/{name}", response_class=Response)
async def asset(digest: str, name: str, request: Request) -> Response:
    """Raises NOT_FOUND for another version than this process has."""
    pages: Pages = request.app.state.pages
    found = pages.assets.by_name.get(name)
    if found is None or found.digest != digest:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个文件，请刷新页面。")
    return Response(found.content, headers=dict(ASSET), media_type=found.media_type)


def add_pages(app: FastAPI, context: AppContext, public_url: str, devices: str | None = None) -> None:
    """`public_url`: where browsers reach them; where that is by TLS, cookies go by nothing else. `devices`: origin of
    the service on a counter's computer that knows its card reader and camera."""
    trial = context.accounts is not None
    app.state.pages = Pages(
        assets.load(), public_url.rstrip("/"), trial=trial, environment=environment(), devices=devices
    )
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    app.add_middleware(CompressedPages)


def is_page(path: str) -> bool:
    """Whether people look at what is there, and not programs."""
    return not path.startswith(_API)


async def no_such_page(request: Request) -> Response:
    """No route was found, and so none has looked who is signed in."""
    await know_session(request)
    return failure_page(request, OneThingError(FailureCode.NOT_FOUND, "没有这个页面，请核对地址。"))


async def only_for_forms(request: Request) -> Response:
    """Somebody opens the address that a form was sent to: from the history, or a bookmark of what was refused there."""
    await know_session(request)
    detail = "这个地址只用来提交表单，不能直接打开：请返回上一页，或从首页重新进入。"
    return failure_page(request, OneThingError(FailureCode.METHOD_NOT_ALLOWED, detail))


class CompressedPages:
    """Pages and their files go out compressed; what programs get does not, nor do streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = CompressMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and is_page(scope["path"]) and scope["path"] != stream.PATH
        await (self._compressed if page else self._app)(scope, receive, send)
