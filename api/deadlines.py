"""时限: when something is due and why; time that is stopped, started again and given."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import By, CaseNo, InOffice, Key, TaskId, reply, shown
from api.http.problems import documented
from api.http.query import LongPaged
from api.http.strict import SignedInRoute
from onething.services.application.base import Nothing
from onething.services.deadlines import clocks, extend, suspend
from onething.services.deadlines.schemas import Extension, Suspension
from onething.services.summaries.case_summary import Standing
from onething.services.summaries.clocks import ClockList, ItemTime

router = APIRouter(prefix="/api", tags=["时限"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.get(
    "/cases/{case_no}/clocks",
    summary="时限：何时到期，逐日说明为什么",
    response_model=ClockList,
    responses=documented(401, 403, 404, 422),
)
async def case_clocks(case_no: CaseNo, office: InOffice, by: By, page: LongPaged) -> Response:
    return shown(await clocks.clocks(office, by, case_no, page.limit, page.after))


@router.post(
    "/cases/{case_no}/extend", summary="延长整个办件的法定期限（督办员）", response_model=Standing, responses=_PROBLEMS
)
async def extend_case(case_no: CaseNo, sent: Extension, office: InOffice, by: By, key: Key) -> Response:
    return reply(await extend.extend_case(office, by, key, case_no, sent))


@router.post(
    "/tasks/{task_id}/suspend",
    summary="中止计时：特殊程序（承办部门）或不可抗力（督办员）",
    response_model=ItemTime,
    responses=_PROBLEMS,
)
async def suspend_task(task_id: TaskId, sent: Suspension, office: InOffice, by: By, key: Key) -> Response:
    return reply(await suspend.suspend(office, by, key, task_id, sent))


@router.post("/tasks/{task_id}/resume", summary="恢复计时", response_model=ItemTime, responses=_PROBLEMS)
async def resume_task(task_id: TaskId, office: InOffice, by: By, key: Key, _: Nothing | None = None) -> Response:
    return reply(await suspend.resume(office, by, key, task_id))


@router.post(
    "/tasks/{task_id}/extend",
    summary="延长一个事项的法定期限（部门负责人）",
    response_model=ItemTime,
    responses=_PROBLEMS,
)
async def extend_task(task_id: TaskId, sent: Extension, office: InOffice, by: By, key: Key) -> Response:
    return reply(await extend.extend_item(office, by, key, task_id, sent))
