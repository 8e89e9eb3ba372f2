"""承诺核查, and the record of broken promises."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, MaterialCode, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute
from onething.services.commitments import credit_notes, statements
from onething.services.commitments.schemas import CommitmentCheckRequest
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(prefix="/api/cases/{case_no}/commitments", tags=["部门"], route_class=SignedInRoute)


@router.post("/{code}/check", summary="登记承诺核查结果", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def check(
    case_no: CaseNoPath,
    code: MaterialCode,
    request: CommitmentCheckRequest,
    context: InContext,
    by: By,
    key: IdempotencyKey,
) -> Response:
    return reply(await statements.check(context, by, key, case_no, code, request))


supervision_router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


@supervision_router.get(
    "/credit-notes",
    summary="失信记录：因承诺不实撤销的准予，新的在前，不含个人信息",
    response_model=credit_notes.CreditNotePage,
    responses=LIST_PROBLEMS,
)
async def credit_note_page(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await credit_notes.page(context, by, page.limit, page.after))
