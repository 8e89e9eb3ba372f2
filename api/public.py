"""For anybody: progress by query code, verifying a certificate, health."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import CaseNoPath, InContext, view_response
from onething.edge.metrics import MEDIA_TYPE, Requests
from onething.edge.origin import of_request
from onething.edge.problems import documented
from onething.edge.query import QueryModel
from onething.edge.routes import StrictRoute
from onething.security.addresses import counted_as
from onething.services import health
from onething.services.cases import progress
from onething.services.cases.progress import ProgressResponse
from onething.services.documents import verification
from onething.services.documents.schemas import VerificationResponse
from onething.services.health import Health

router = APIRouter(tags=["公开"], route_class=StrictRoute)


class ProgressQuery(QueryModel):
    code: str = Field(min_length=1, max_length=40, description="提交时给出的查询码")


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
    return view_response(await progress.progress(context, case_no, query.code, counted_as(of_request(request).address)))


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
