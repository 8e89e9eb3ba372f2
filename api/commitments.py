"""承诺核查: a department says what it found."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import By, CaseNo, InOffice, Key, MaterialCode, reply
from api.problems import documented
from api.strict import SignedInRoute
from onething.services import commitments
from onething.services.case_views import Standing
from onething.services.officers_requests import Check

router = APIRouter(prefix="/api/cases/{case_no}/commitments", tags=["部门"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post("/{code}/check", summary="登记承诺核查结果", response_model=Standing, responses=_PROBLEMS)
async def check(case_no: CaseNo, code: MaterialCode, sent: Check, office: InOffice, by: By, key: Key) -> Response:
    return reply(await commitments.check(office, by, key, case_no, code, sent))
