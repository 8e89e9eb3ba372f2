"""办件: reading cases."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import OutletCode
from onething.edge.dependencies import (
    By,
    CaseNoPath,
    IdempotencyKey,
    InContext,
    reply,
    view_response,
)
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import LongPaged, PageQuery, QueryModel, several
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.cases import query_code, timeline
from onething.services.cases import search as cases_search
from onething.services.cases.query_code import QueryCode
from onething.services.cases.schemas import CasePage, CaseSearchRequest, CaseView, TimelinePage

_STATUS = "|".join(CaseStatus)
_STATUSES = "、".join(CaseStatus)


class CaseListQuery(PageQuery):
    mine: bool = Field(False, description="窗口：只看自己的草稿；群众和帮办员总是只看得到自己的")
    to_confirm: bool = Field(False, description="待我确认：他人以本人名义填写的草稿")
    applicant_ended: bool = Field(
        False, description="窗口、督办员、部门：申请人户口已登记注销、还在办的，如何处理由人决定"
    )
    status: str | None = Field(
        None,
        pattern=f"^({_STATUS})(,({_STATUS}))*$",
        max_length=200,
        description=f"这些状态的，几个用逗号分隔：{_STATUSES}",
    )
    corrections_answered: bool = Field(False, description="窗口、督办员、部门：补正已回，等窗口再看的")
    order: Literal["newest", "waiting"] = Field(
        "newest", description="waiting：等得最久的在前，只列 submitted 和 correction（窗口、督办员、部门）"
    )
    due: Literal["overdue", "soon"] | None = Field(
        None,
        description="承诺期限已过的（overdue），或已经预警、还没有过的（soon），到期早的在前（窗口、督办员、部门）",
    )
    bundle: Code | None = Field(None, description="一件事的代码")
    outlet: OutletCode | None = Field(None, description="窗口、部门和督办员：在这个网点或其下级收的件")


class TimelineQuery(QueryModel):
    limit: int = Field(200, ge=1, le=200, description="每页条数")
    after: int = Field(0, ge=0, le=2_000_000_000, description="此序号之后")


router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)


@router.get("", summary="办件列表，新的在前", response_model=CasePage, responses=LIST_PROBLEMS)
async def list_cases(context: InContext, by: By, query: Annotated[CaseListQuery, Query()]) -> Response:
    found = await cases_search.page(
        context,
        by,
        mine=query.mine,
        to_confirm=query.to_confirm,
        applicant_ended=query.applicant_ended,
        statuses=[CaseStatus(one) for one in several(query.status)],
        corrections_answered=query.corrections_answered,
        order=query.order,
        due=query.due,
        bundle=query.bundle,
        outlet=query.outlet,
        limit=query.limit,
        after=query.after,
    )
    return view_response(found)


@router.post(
    "/search",
    summary="按证件号码精确查找；窗口和部门须写明理由（reason）",
    response_model=CasePage,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def search(request: CaseSearchRequest, context: InContext, by: By, page: LongPaged) -> Response:
    return view_response(await cases_search.search(context, by, request, limit=page.limit, after=page.after))


@router.get("/{case_no}", summary="一个办件，只含本人职责所需的内容", response_model=CaseView, responses=READ_PROBLEMS)
async def case(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    view, etag = await cases_search.show(context, by, case_no)
    return view_response(view, {"ETag": etag} if etag else None)


@router.post(
    "/{case_no}/query-code",
    summary="申请人换一个查询码，旧的立即作废",
    response_model=QueryCode,
    responses=ACT_PROBLEMS,
)
async def new_query_code(
    case_no: CaseNoPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await query_code.reissue(context, by, key, case_no))


@router.get(
    "/{case_no}/timeline", summary="经过：谁、何时、做了什么", response_model=TimelinePage, responses=READ_PROBLEMS
)
async def case_timeline(
    case_no: CaseNoPath,
    context: InContext,
    by: By,
    query: Annotated[TimelineQuery, Query()],
) -> Response:
    return view_response(await timeline.timeline(context, by, case_no, query.limit, query.after))
