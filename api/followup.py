"""催办和督办."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.http.dependencies import By, CaseNo, InOffice, Key, reply, shown
from api.http.problems import documented
from api.http.strict import SignedInRoute
from api.reporting import CardQuery, ReminderQuery
from onething.services.followup import supervision, urges
from onething.services.followup.schemas import Supervision, SupervisionReply, Urge, UrgeReply
from onething.services.summaries.case_summary import Reminded

router = APIRouter(prefix="/api/cases", tags=["督办"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post(
    "/{case_no}/urge",
    summary="催办一个事项或整个办件；一个工作日内只能催办一次，过早的 429 写明何时可以再催",
    response_model=Reminded,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def urge(case_no: CaseNo, sent: Urge, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urges.urge(office, by, key, case_no, sent))


@router.post("/{case_no}/urge/answer", summary="答复催办（承办部门）", response_model=Reminded, responses=_PROBLEMS)
async def answer_urge(case_no: CaseNo, sent: UrgeReply, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urges.answer_urge(office, by, key, case_no, sent))


@router.post(
    "/{case_no}/supervise",
    summary="督办一个事项或整个办件，要求限期答复（督办员）",
    response_model=Reminded,
    responses=_PROBLEMS,
)
async def supervise(case_no: CaseNo, sent: Supervision, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urges.supervise(office, by, key, case_no, sent))


@router.post(
    "/{case_no}/supervise/answer", summary="答复督办（承办部门）", response_model=Reminded, responses=_PROBLEMS
)
async def answer_supervision(case_no: CaseNo, sent: SupervisionReply, office: InOffice, by: By, key: Key) -> Response:
    return reply(await urges.answer_supervision(office, by, key, case_no, sent))


supervision_router = APIRouter(prefix="/api/supervision", tags=["督办"], route_class=SignedInRoute)


@supervision_router.get(
    "/reminders",
    summary="等待答复的催办和督办，答复期限早的在前",
    response_model=supervision.AwaitedPage,
    responses=documented(401, 403, 422),
)
async def reminders(office: InOffice, by: By, query: Annotated[ReminderQuery, Query()]) -> Response:
    return shown(await supervision.awaited(office, by, query.department, query.limit, query.after))


@supervision_router.get(
    "/cards",
    summary="一段时间内的黄牌和红牌，新的在前",
    response_model=supervision.CardPage,
    responses=documented(401, 403, 422),
)
async def cards(office: InOffice, by: By, query: Annotated[CardQuery, Query()]) -> Response:
    days = (query.first, query.last)
    where = (query.region, query.department)
    return shown(await supervision.cards(office, by, *days, *where, query.card, query.limit, query.after))
