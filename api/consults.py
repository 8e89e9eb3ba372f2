"""部门之间: opinions, agreements and joint inspections."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import By, InOffice, Key, TaskId, reply
from api.http.problems import documented
from api.http.strict import SignedInRoute
from onething.services.consults import ask
from onething.services.consults.schemas import Answered, Asked, Consultation, Opinion
from onething.services.inspections import appoint
from onething.services.inspections.schemas import Appointment, Conclusion, Inspection, NewDay

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post("/{task_id}/consult", summary="向其他部门征求意见或会签", response_model=Asked, responses=_PROBLEMS)
async def ask_departments(task_id: TaskId, sent: Consultation, office: InOffice, by: By, key: Key) -> Response:
    return reply(await ask.consult(office, by, key, task_id, sent))


@router.post("/{task_id}/answer", summary="答复征求意见或会签", response_model=Answered, responses=_PROBLEMS)
async def give_opinion(task_id: TaskId, sent: Opinion, office: InOffice, by: By, key: Key) -> Response:
    return reply(await ask.give_opinion(office, by, key, task_id, sent))


@router.post("/{task_id}/inspect", summary="安排联合踏勘", response_model=Inspection, responses=_PROBLEMS)
async def appoint_inspection(task_id: TaskId, sent: Appointment, office: InOffice, by: By, key: Key) -> Response:
    return reply(await appoint.appoint(office, by, key, task_id, sent))


@router.post("/{task_id}/inspect/move", summary="联合踏勘改期", response_model=Inspection, responses=_PROBLEMS)
async def move_inspection(task_id: TaskId, sent: NewDay, office: InOffice, by: By, key: Key) -> Response:
    return reply(await appoint.move(office, by, key, task_id, sent))


@router.post("/{task_id}/conclude", summary="作出本事项的踏勘结论", response_model=Inspection, responses=_PROBLEMS)
async def conclude_inspection(task_id: TaskId, sent: Conclusion, office: InOffice, by: By, key: Key) -> Response:
    return reply(await appoint.conclude(office, by, key, task_id, sent))
