"""部门: the work queue and decisions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.deps import By, InOffice, Key, TaskId, reply, shown
from api.problems import documented
from api.query import PageQuery
from api.strict import SignedInRoute
from onething.domain.model import Code
from onething.services import (
    ask_item_corrections,
    by_hand,
    claim,
    decide,
    resolve,
    returning,
    revoke,
    tasks,
    with_systems,
)
from onething.services.clock_views import ItemTime
from onething.services.officers_requests import (
    Decision,
    ItemCorrections,
    LookedUp,
    Resolution,
    RevocationSent,
    SendBack,
    Transfer,
)
from onething.services.sent import Nothing
from onething.services.task_views import Decided, TaskPage, TaskStanding, TaskView

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


class DepartmentQuery(PageQuery):
    department: Code | None = Field(None, description="缺省为本部门")


class QueueQuery(DepartmentQuery):
    state: Literal["open", "closed"] = "open"
    order: Literal["due"] = Field("due", description="按到期时间")


@router.get("", summary="待办列表，到期早的在前", response_model=TaskPage, responses=documented(401, 403, 422))
async def list_tasks(office: InOffice, by: By, query: Annotated[QueueQuery, Query()]) -> Response:
    return shown(await tasks.queue(office, by, query.department, query.state, query.limit, query.after))


@router.get(
    "/at-systems",
    summary="部门业务系统在办的，先到期转给人员的在前",
    response_model=with_systems.AtSystemPage,
    responses=documented(401, 403, 422),
)
async def list_at_systems(office: InOffice, by: By, query: Annotated[DepartmentQuery, Query()]) -> Response:
    return shown(await with_systems.at_systems_of(office, by, query.department, query.limit, query.after))


@router.get("/{task_id}", summary="一件待办", response_model=TaskView, responses=documented(401, 403, 404, 422))
async def task(task_id: TaskId, office: InOffice, by: By) -> Response:
    return shown(await tasks.show(office, by, task_id))


@router.post("/{task_id}/claim", summary="认领", response_model=TaskStanding, responses=_PROBLEMS)
async def claim_task(task_id: TaskId, office: InOffice, by: By, key: Key, _: Nothing | None = None) -> Response:
    return reply(await claim.claim(office, by, key, task_id))


@router.post("/{task_id}/release", summary="放回", response_model=TaskStanding, responses=_PROBLEMS)
async def release_task(task_id: TaskId, office: InOffice, by: By, key: Key, _: Nothing | None = None) -> Response:
    return reply(await claim.release(office, by, key, task_id))


@router.post("/{task_id}/transfer", summary="转交本部门其他人员", response_model=TaskStanding, responses=_PROBLEMS)
async def transfer_task(task_id: TaskId, sent: Transfer, office: InOffice, by: By, key: Key) -> Response:
    return reply(await claim.transfer(office, by, key, task_id, sent))


@router.post(
    "/{task_id}/decide",
    summary="作出决定；他人已先决定的，409 中给出该决定",
    response_model=Decided,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
)
async def decide_task(task_id: TaskId, sent: Decision, office: InOffice, by: By, key: Key) -> Response:
    return reply(await decide.decide(office, by, key, task_id, sent))


@router.post(
    "/{task_id}/return",
    summary="退回前一事项，写明理由；其部门重新办理，需要它的事项等待",
    response_model=returning.SentBack,
    responses=_PROBLEMS,
)
async def send_back(task_id: TaskId, sent: SendBack, office: InOffice, by: By, key: Key) -> Response:
    return reply(await returning.send_back(office, by, key, task_id, sent))


@router.post("/{task_id}/resolve", summary="登记哪一方的数据正确", response_model=resolve.Resolved, responses=_PROBLEMS)
async def resolve_discrepancy(task_id: TaskId, sent: Resolution, office: InOffice, by: By, key: Key) -> Response:
    return reply(await resolve.resolve(office, by, key, task_id, sent))


@router.post(
    "/{task_id}/look-up",
    summary="人工核查：登记查到的记录，或查无此记录",
    response_model=by_hand.LookedByHandView,
    responses=_PROBLEMS,
)
async def look_up_by_hand(task_id: TaskId, sent: LookedUp, office: InOffice, by: By, key: Key) -> Response:
    return reply(await by_hand.look_up(office, by, key, task_id, sent))


@router.post(
    "/{task_id}/revoke",
    summary="承诺不实的，决定是否撤销准予",
    response_model=revoke.RevocationView,
    responses=_PROBLEMS,
)
async def decide_revocation(task_id: TaskId, sent: RevocationSent, office: InOffice, by: By, key: Key) -> Response:
    return reply(await revoke.decide(office, by, key, task_id, sent))


@router.post(
    "/{task_id}/correction",
    summary="受理后要求补正：承诺期限等待，法定期限照常计算",
    response_model=ItemTime,
    responses=_PROBLEMS,
)
async def ask_for_corrections(task_id: TaskId, sent: ItemCorrections, office: InOffice, by: By, key: Key) -> Response:
    return reply(await ask_item_corrections.ask(office, by, key, task_id, sent))
