"""For anybody: signing in on the embedded stack, progress by query code, verifying a certificate, health."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.http.dependencies import CaseNoPath, InContext, view_response
from api.http.metrics import MEDIA_TYPE, Requests
from api.http.problems import documented
from api.http.query import QueryModel
from api.http.routes import FormRoute, StrictRoute
from onething.services import health, sign_in
from onething.services.cases import progress
from onething.services.cases.progress import ProgressResponse
from onething.services.documents import verification
from onething.services.documents.schemas import VerificationResponse
from onething.services.health import Health
from onething.services.sign_in import Token

router = APIRouter(tags=["公开"], route_class=StrictRoute)
signing_in = APIRouter(tags=["公开"], route_class=FormRoute)


class TokenRequest(BaseModel):
    """As OAuth 2.0 clients send them (RFC 6749, 4.3)."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)
    grant_type: Literal["password"] = "password"


class ProgressQuery(QueryModel):
    code: str = Field(min_length=1, max_length=40, description="提交时给出的查询码")


@signing_in.post(
    "/api/auth/token",
    summary="登录（仅内置环境）",
    response_model=Token,
    responses=documented(400, 401, 404, 413, 415, 422, 429),
)
async def token(body: Annotated[TokenRequest, Form()], request: Request, context: InContext) -> Response:
    return view_response(await sign_in.sign_in(context, body.username, body.password, _address(request)))


@router.get(
    "/api/progress/{case_no}",
    summary="凭查询码看进度，不含个人信息",
    response_model=ProgressResponse,
    responses=documented(404, 422, 429),
)
async def case_progress(
    case_no: CaseNoPath,
    query: Annotated[ProgressQuery, Query()],
    request: Request,
    context: InContext,
) -> Response:
    return view_response(await progress.progress(context, case_no, query.code, _address(request)))


@router.get(
    "/api/certificates/{number}/verify",
    summary="核验证照",
    response_model=VerificationResponse,
    responses=documented(404, 422),
)
async def verify(
    number: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,80}$", description="证照编号")], context: InContext
) -> Response:
    return view_response(await verification.verify(context, number))


@router.get("/healthz", summary="进程在运行", response_model=Health, responses=documented())
async def healthz() -> Response:
    return view_response(Health(status="ok"))


@router.get("/readyz", summary="可以办理业务", response_model=Health, responses=documented())
async def readyz(context: InContext) -> Response:
    return view_response(await health.ready(context))


@router.get(
    "/metrics",
    summary="本进程的指标（Prometheus 文本格式），不含个人信息",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **documented()},
)
async def metrics(request: Request, context: InContext) -> Response:
    requests: Requests = request.app.state.requests
    told = requests.text(await health.outbox(context), context.alarms.certificates)
    return Response(told, media_type=MEDIA_TYPE)


def _address(request: Request) -> str:
    return request.client.host if request.client else "-"
