"""What systems outside call back with, signed. They have no token: the signature says who they are."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.deps import DepartmentCode, InOffice, reply
from api.problems import documented
from api.strict import SignedCallRoute
from onething.services import callbacks
from onething.services.systems_answers import ItemAnswer, SourceAnswer

router = APIRouter(prefix="/api/callbacks", tags=["外部系统"], route_class=SignedCallRoute)

_KNOWN = {"model": callbacks.Taken, "description": "早已收到，没有重复登记"}
SourceCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="数据源代码")]


@router.post(
    "/sources/{source}",
    summary="数据源就一次查询回调答复（签名）",
    response_model=callbacks.Taken,
    responses={202: _KNOWN, **documented(400, 401, 404, 413, 415, 422)},
)
async def source_answered(source: SourceCode, sent: SourceAnswer, office: InOffice) -> Response:
    return reply(await callbacks.source_answered(office, source, sent))


@router.post(
    "/{department}",
    summary="部门自己的系统就派给它的事项回调决定（签名）",
    response_model=callbacks.Taken,
    responses={202: _KNOWN, **documented(400, 401, 404, 409, 413, 415, 422)},
)
async def item_answered(department: DepartmentCode, sent: ItemAnswer, office: InOffice) -> Response:
    return reply(await callbacks.item_answered(office, department, sent))
