"""Who is told what happens to cases: an operator's."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, SubscriptionIdPath, reply, view_response
from onething.edge.problems import LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import QueryModel
from onething.edge.routes import SignedInRoute
from onething.services import subscriptions
from onething.services.application.base import EmptyRequest
from onething.services.subscriptions import SubscriptionRequest

router = APIRouter(prefix="/api/subscriptions", tags=["事件"], route_class=SignedInRoute)
_ACT = documented(400, 401, 403, 404, 413, 415, 422)


class RedeliveryQuery(QueryModel):
    since: datetime = Field(alias="from", description="带时区的时刻，30 天以内")


@router.post(
    "",
    status_code=201,
    summary="订阅办件动态，密钥只显示这一次",
    response_model=subscriptions.SecretShown,
    responses=documented(400, 401, 403, 409, 413, 415, 422),
)
async def add(request: SubscriptionRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    return reply(await subscriptions.add(context, by, key, request))


@router.get("", summary="所有订阅和送达情况", response_model=subscriptions.SubscriptionList, responses=LIST_PROBLEMS)
async def everything(context: InContext, by: By) -> Response:
    return view_response(await subscriptions.everything(context, by))


@router.get(
    "/{subscription}/deliveries",
    summary="一个订阅的送达情况和送不到的事件",
    response_model=subscriptions.Deliveries,
    responses=READ_PROBLEMS,
)
async def deliveries(subscription: SubscriptionIdPath, context: InContext, by: By) -> Response:
    return view_response(await subscriptions.deliveries(context, by, subscription))


@router.post(
    "/{subscription}/rotate",
    summary="换密钥，一天之内新旧两把都签",
    response_model=subscriptions.SecretShown,
    responses=_ACT,
)
async def rotate(
    subscription: SubscriptionIdPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await subscriptions.rotate(context, by, key, subscription))


@router.post(
    "/{subscription}/redeliver",
    summary="从某一时刻起重新送一遍，编号不变；已停用的恢复",
    response_model=subscriptions.SubscriptionView,
    responses=_ACT,
)
async def redeliver(
    subscription: SubscriptionIdPath,
    context: InContext,
    by: By,
    key: IdempotencyKey,
    query: Annotated[RedeliveryQuery, Query()],
    _: EmptyRequest | None = None,
) -> Response:
    return reply(await subscriptions.redeliver(context, by, key, subscription, query.since))


@router.delete("/{subscription}", status_code=204, summary="删去一个订阅", responses=READ_PROBLEMS)
async def remove(subscription: SubscriptionIdPath, context: InContext, by: By) -> Response:
    await subscriptions.remove(context, by, subscription)
    return Response(status_code=204)
