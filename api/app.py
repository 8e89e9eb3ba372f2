"""The HTTP application: a router a concern, one way for failures to leave, one OpenAPI document."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import (
    audit,
    bundles,
    cases,
    catalogue,
    commitments,
    consults,
    deadlines,
    decisions,
    discrepancies,
    dispatch,
    documents,
    followup,
    identity,
    inspections,
    intake,
    items,
    licences,
    lookups,
    mandates,
    materials,
    outlets,
    periods,
    prechecks,
    prefills,
    public,
    ratings,
    reissue,
    reporting,
    stream,
    subscriptions,
    tasks,
    undo,
    viewer,
)
from onething import __version__
from onething.domain.errors import FailureCode, OneThingError, how_many
from onething.edge.head import HeadAsGet
from onething.edge.limits import Places, note_refusal
from onething.edge.metrics import Requests
from onething.edge.middleware import Guard
from onething.edge.problems import MEDIA_TYPE, Problem, documented, from_error, problem
from onething.edge.route_limits import ROUTES, Unlimited
from onething.edge.routes import TOKEN_SCHEME
from onething.edge.uploads import UploadGate
from onething.edge.validation import problems_of
from onething.security.addresses import TrustedProxies
from onething.services.core.context import AppContext
from onething.web.app import ROUTERS as PAGES
from onething.web.app import add_pages, is_page, no_such_page, only_for_forms

_ROUTERS = (
    decisions.router,  # asked most often: routes are tried one after the other
    bundles.router,
    bundles.planning,
    bundles.beginning,
    catalogue.router,
    outlets.router,
    intake.router,
    cases.router,
    materials.router,
    documents.router,
    documents.delivery_router,
    stream.router,
    stream.pages,
    prechecks.case_router,
    prechecks.router,
    prefills.receiving,
    prefills.router,
    intake.counter_router,
    lookups.source_router,
    dispatch.task_router,  # its /at-systems before /{task_id}
    tasks.router,
    tasks.views,
    decisions.own_phrases,
    items.router,
    items.case_router,
    discrepancies.router,
    lookups.task_router,
    periods.router,
    inspections.router,
    inspections.item_router,
    undo.router,
    undo.case_router,
    reissue.router,
    commitments.router,
    consults.router,
    subscriptions.router,
    reporting.router,
    followup.supervision_router,
    commitments.supervision_router,
    followup.router,
    ratings.router,
    ratings.anybody,
    licences.router,
    mandates.router,
    dispatch.callback_router,
    dispatch.outbound_router,
    deadlines.router,
    audit.router,
    identity.signing_in,
    identity.signing_out,
    identity.me,
    identity.router,
    public.router,
)

DESCRIPTION = """一件事：一次申请、多个部门、一个结果。

- 错误一律为 `application/problem+json`（RFC 9457）：`code` 供程序判断，`detail` 供人阅读，
  `errors[]` 用 JSON Pointer 指明位置。
- 记录事实的 POST 须带 `Idempotency-Key`；重复发送得到第一次的答复。
- 列表按键分页：`?limit=&after=`，答复 `{items, next}`。
- 时间为 RFC 3339，显示为 +08:00。
"""


def create_app(
    context: AppContext,
    *,
    api_docs: bool = False,
    trusted_proxies: TrustedProxies | None = None,
    public_url: str = "http://127.0.0.1:8000",
    devices: str | None = None,
) -> FastAPI:
    """`context` holds what the acts need; it is opened when the application starts and closed when it ends. `api_docs`:
    serve the page that describes the API, for people. `trusted_proxies`: whose `X-Forwarded-For` counts; by default
    nobody's. `public_url`: where browsers reach the
    pages; `devices`: where the counter's pages reach the devices of the computer that they are on."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with context:
            yield

    app = FastAPI(
        title="OneThing",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.context = context
    app.state.uploads = UploadGate()
    app.state.places = Places()
    app.state.requests = Requests()
    for router in (*_ROUTERS, *([viewer.router] if api_docs else [])):
        # nothing is added to them here, so that the framework need not build each route anew for each application
        app.router.routes.extend(router.routes)
    add_pages(app, context, public_url, devices)
    app.add_exception_handler(OneThingError, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Guard, requests=app.state.requests, trusted=trusted_proxies or TrustedProxies())
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI documents it
    return app


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, OneThingError)  # noqa: S101
    note_refusal(request, error)
    return from_error(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found, more = problems_of(error)
    return problem(FailureCode.INVALID_REQUEST, how_many(len(found), more=more), errors=found, more=more)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101
    if is_page(request.url.path) and error.status_code == 404:
        return await no_such_page(request)
    if error.status_code == 405:
        allowed = _methods_at(request.url.path)
        if is_page(request.url.path):
            answer = await only_for_forms(request)
            answer.headers["Allow"] = allowed
            return answer
        detail = f"这个地址不支持 {request.method}，支持的是 {allowed}。"
        return problem(FailureCode.METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed})
    if error.status_code == 404:
        return problem(FailureCode.NOT_FOUND, "没有这个地址，请核对路径。")
    return problem(FailureCode.INVALID_REQUEST, "请求无法处理，请核对内容。")


def _methods_at(path: str) -> str:
    """Of all routes there: the framework knows those of the first one only."""
    routes = [
        one for router in (*_ROUTERS, viewer.router, *PAGES) for one in router.routes if isinstance(one, APIRoute)
    ]
    methods = {method for one in routes if one.path_regex.match(path) for method in one.methods or ()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.setdefault("components", {})["securitySchemes"] = TOKEN_SCHEME
        schemas = schema["components"].setdefault("schemas", {})
        schemas.update(own.pop("$defs"), Problem=own)
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        for path, calls in schema["paths"].items():
            for method, call in calls.items():
                _describe_validation(call)
                _require_headers(method, call)
                _describe_limit(f"{method.upper()} {path}", call)
        app.openapi_schema = schema
    return app.openapi_schema


def _describe_validation(call: dict[str, Any]) -> None:
    """FastAPI describes its own 422 body; ours is a problem."""
    answer = call["responses"].get("422")
    if answer and re.search("HTTPValidationError", str(answer)):
        answer["description"] = "内容需要修改"
        answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _describe_limit(name: str, call: dict[str, Any]) -> None:
    """From the table, so that no route says otherwise."""
    if not isinstance(ROUTES.get(name), Unlimited):
        call["responses"] |= {str(status): one for status, one in documented(429).items() if status == 429}


def _require_headers(method: str, call: dict[str, Any]) -> None:
    """Their absence has a problem of its own, so the framework takes them for optional."""
    for parameter in call.get("parameters", ()):
        needed = parameter["name"] == "Idempotency-Key" or (parameter["name"] == "If-Match" and method == "patch")
        if parameter["in"] == "header" and needed:
            parameter["required"] = True
            parameter["schema"] = {
                "type": "string",
                "minLength": 1,
                "maxLength": parameter["schema"]["anyOf"][0]["maxLength"],
            }
