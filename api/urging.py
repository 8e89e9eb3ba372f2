"""催办和督办: asking to get on with a case, and answering."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import By, CaseNo, InOffice, Key, reply
from api.problems import documented
from api.strict import SignedInRoute
from onething.services import urging
from onething.services.case_views import Reminded
from onething.services.officers_requests import Supervision, SupervisionReply, Urge, UrgeReply

router = APIRouter(prefix="/api/cases", tags=["督办"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post(
    "/{case_no}/urge",
    summary="催办一个事项或整个办件；一个工作日内只能催办一次，过早的 429 写明何时可以再催",
    response_model=Reminded,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def urge(case_no: CaseNo, sent: Urge, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urging.urge(office, by, key, case_no, sent))


@router.post("/{case_no}/urge/answer", summary="答复催办（承办部门）", response_model=Reminded, responses=_PROBLEMS)
async def answer_urge(case_no: CaseNo, sent: UrgeReply, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urging.answer_urge(office, by, key, case_no, sent))


@router.post(
    "/{case_no}/supervise",
    summary="督办一个事项或整个办件，要求限期答复（督办员）",
    response_model=Reminded,
    responses=_PROBLEMS,
)
async def supervise(case_no: CaseNo, sent: Supervision, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urging.supervise(office, by, key, case_no, sent))


@router.post(
    "/{case_no}/supervise/answer", summary="答复督办（承办部门）", response_model=Reminded, responses=_PROBLEMS
)
async def answer_supervision(case_no: CaseNo, sent: SupervisionReply, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urging.answer_supervision(office, by, key, case_no, sent))
