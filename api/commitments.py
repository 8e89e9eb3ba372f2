"""承诺核查, and the record of broken promises."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import By, CaseNo, InOffice, Key, MaterialCode, reply, shown
from api.http.problems import documented
from api.http.query import Paged
from api.http.strict import SignedInRoute
from onething.services.commitments import credit_notes, statements
from onething.services.commitments.schemas import Check
from onething.services.summaries.case_summary import Standing

router = APIRouter(prefix="/api/cases/{case_no}/commitments", tags=["部门"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post("/{code}/check", summary="登记承诺核查结果", response_model=Standing, responses=_PROBLEMS)
async def check(case_no: CaseNo, code: MaterialCode, sent: Check, office: InOffice, by: By, key: Key) -> Response:
    return reply(await statements.check(office, by, key, case_no, code, sent))


supervision_router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


@supervision_router.get(
    "/credit-notes",
    summary="失信记录：因承诺不实撤销的准予，新的在前，不含个人信息",
    response_model=credit_notes.CreditNotePage,
    responses=documented(401, 403, 422),
)
async def credit_note_page(office: InOffice, by: By, page: Paged) -> Response:
    return shown(await credit_notes.page(office, by, page.limit, page.after))
