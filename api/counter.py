"""综合窗口: taking in, refusing, asking for corrections, having sources asked anew."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import By, CaseNo, DataKey, InOffice, Key, reply
from api.problems import documented
from api.strict import SignedInRoute
from onething.services import accept, ask_corrections, reject, retrying
from onething.services.case_views import Standing
from onething.services.requests import Acceptance, Corrections, Rejection
from onething.services.sent import Nothing

router = APIRouter(prefix="/api/cases/{case_no}", tags=["综合窗口"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post("/accept", summary="受理，可容缺", response_model=Standing, responses=_PROBLEMS)
async def accept_case(case_no: CaseNo, office: InOffice, by: By, key: Key, sent: Acceptance | None = None) -> Response:
    return reply(await accept.accept(office, by, key, case_no, sent))


@router.post("/reject", summary="不予受理", response_model=Standing, responses=_PROBLEMS)
async def reject_case(case_no: CaseNo, sent: Rejection, office: InOffice, by: By, key: Key) -> Response:
    return reply(await reject.reject(office, by, key, case_no, sent))


@router.post("/corrections", summary="一次性告知补正", response_model=Standing, responses=_PROBLEMS)
async def ask(case_no: CaseNo, sent: Corrections, office: InOffice, by: By, key: Key) -> Response:
    return reply(await ask_corrections.ask(office, by, key, case_no, sent))


@router.post(
    "/data/{data}/retry",
    summary="再次查询数据源（窗口，或需要它的部门）；十分钟内一次，过早的 429 写明何时可以再查",
    response_model=retrying.Retried,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def retry(
    case_no: CaseNo, data: DataKey, office: InOffice, by: By, key: Key, _: Nothing | None = None
) -> Response:
    return reply(await retrying.retry(office, by, key, case_no, data))
