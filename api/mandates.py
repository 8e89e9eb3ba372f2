"""委托: giving, seeing and revoking."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute
from onething.services import mandates
from onething.services.application.base import EmptyRequest
from onething.services.mandates import MandateRequest

router = APIRouter(prefix="/api/mandates", tags=["委托"], route_class=SignedInRoute)
MandateIdPath = Annotated[str, Path(pattern=r"^m[0-9a-f]{16}$", description="委托编号")]


@router.post(
    "",
    status_code=201,
    summary="委托他人代办：本人在线，或在窗口凭委托书登记",
    response_model=mandates.MandateView,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def give(request: MandateRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    return reply(await mandates.give(context, by, key, request))


@router.get(
    "",
    summary="我给出的和给我的委托，新的在前",
    response_model=mandates.MandatePage,
    responses=LIST_PROBLEMS,
)
async def list_mandates(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await mandates.page(context, by, page.limit, page.after))


@router.get(
    "/{mandate}",
    summary="一份委托，和据此开办的办件",
    response_model=mandates.MandateView,
    responses=READ_PROBLEMS,
)
async def mandate(mandate: MandateIdPath, context: InContext, by: By) -> Response:
    return view_response(await mandates.show(context, by, mandate))


@router.post(
    "/{mandate}/revoke",
    summary="撤销委托，立即生效",
    response_model=mandates.MandateView,
    responses=ACT_PROBLEMS,
)
async def revoke(
    mandate: MandateIdPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await mandates.revoke(context, by, key, mandate))
