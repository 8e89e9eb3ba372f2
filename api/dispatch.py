"""Departments' own systems: what they have, what they fetch, and what they call back with, signed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.tasks import DepartmentQuery
from onething.edge.dependencies import By, DepartmentCode, InContext, reply, view_response
from onething.edge.problems import LIST_PROBLEMS, documented
from onething.edge.query import QueryModel
from onething.edge.routes import SignedCallRoute, SignedInRoute
from onething.services.dispatch import at_systems, callbacks, outbound_queue
from onething.services.dispatch.schemas import ItemAnswerRequest, SourceAnswerRequest

callback_router = APIRouter(prefix="/api/callbacks", tags=["外部系统"], route_class=SignedCallRoute)

_KNOWN = {"model": callbacks.Taken, "description": "早已收到，没有重复登记"}
SourceCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="数据源代码")]


@callback_router.post(
    "/sources/{source}",
    summary="数据源就一次查询回调答复（签名）",
    response_model=callbacks.Taken,
    responses={202: _KNOWN, **documented(400, 401, 404, 413, 415, 422)},
)
async def source_answered(source: SourceCode, request: SourceAnswerRequest, context: InContext) -> Response:
    return reply(await callbacks.source_answered(context, source, request))


@callback_router.post(
    "/{department}",
    summary="部门自己的系统就派给它的事项回调决定（签名）",
    response_model=callbacks.Taken,
    responses={202: _KNOWN, **documented(400, 401, 404, 409, 413, 415, 422)},
)
async def item_answered(department: DepartmentCode, request: ItemAnswerRequest, context: InContext) -> Response:
    return reply(await callbacks.item_answered(context, department, request))


outbound_router = APIRouter(prefix="/api/outbound", tags=["外部系统"], route_class=SignedInRoute)


class OrdersQuery(QueryModel):
    wait: int = Field(30, ge=0, le=60, description="没有时最多等多少秒")
    limit: int = Field(8, ge=1, le=20, description="一次最多取多少件")


@outbound_router.get(
    "/{department}",
    summary="部门系统来取派给它的事项（长轮询）；取到的十分钟内不再给别人，决定用回调答复",
    response_model=outbound_queue.Orders,
    responses=LIST_PROBLEMS,
)
async def fetch(
    department: DepartmentCode,
    context: InContext,
    by: By,
    request: Request,
    query: Annotated[OrdersQuery, Query()],
) -> Response:
    told = await outbound_queue.fetch(context, by, department, query.limit, query.wait, request.is_disconnected)
    return view_response(told, {"Cache-Control": "no-store"})


task_router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@task_router.get(
    "/at-systems",
    summary="部门业务系统在办的，先到期转给人员的在前",
    response_model=at_systems.AtSystemPage,
    responses=LIST_PROBLEMS,
)
async def list_at_systems(context: InContext, by: By, query: Annotated[DepartmentQuery, Query()]) -> Response:
    return view_response(await at_systems.at_systems_of(context, by, query.department, query.limit, query.after))
