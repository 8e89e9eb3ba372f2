"""访问日志: who looked at what and whom they searched for, for auditors."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from onething.domain.kernel.case_no import CaseNo
from onething.edge.dependencies import By, InContext, view_response
from onething.edge.problems import LIST_PROBLEMS, documented
from onething.edge.query import Paged, PageQuery
from onething.edge.routes import SignedInRoute
from onething.services.audit import access
from onething.services.audit.schemas import AccessPage, AccessSearchRequest

router = APIRouter(prefix="/api/audit/access", tags=["审计"], route_class=SignedInRoute)


class AccessQuery(PageQuery):
    subject: str | None = Field(None, min_length=1, max_length=200, description="谁：账户")
    act: str | None = Field(None, min_length=1, max_length=200, description="做什么，如 search_cases、sign_in")
    case_no: CaseNo | None = Field(None, description="办件编号")
    outcome: str | None = Field(
        None, min_length=1, max_length=200, description="结果：done、alarm，或拒绝的代码如 not_permitted"
    )
    since: AwareDatetime | None = Field(None, alias="from", description="此刻起，带时区")
    until: AwareDatetime | None = Field(None, alias="to", description="到此刻为止（不含），带时区")


@router.get(
    "",
    summary="访问日志，新的在前（审计员）；每次查阅也记入日志",
    response_model=AccessPage,
    responses=LIST_PROBLEMS,
)
async def list_access(context: InContext, by: By, query: Annotated[AccessQuery, Query()]) -> Response:
    found = await access.page(
        context,
        by,
        subject=query.subject,
        act=query.act,
        case_no=query.case_no,
        outcome=query.outcome,
        since=query.since,
        until=query.until,
        limit=query.limit,
        after=query.after,
    )
    return view_response(found)


@router.post(
    "/search",
    summary="谁查过某个证件号码（审计员），须写明理由",
    response_model=AccessPage,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def search(request: AccessSearchRequest, context: InContext, by: By, page: Paged) -> Response:
    return view_response(await access.search(context, by, request, page.limit, page.after))
