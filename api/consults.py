"""部门之间: opinions, agreements and joint inspections."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import By, InOffice, Key, TaskId, reply
from api.problems import documented
from api.strict import SignedInRoute
from onething.services import consult, inspections
from onething.services.consult_views import Answered, Asked, Inspection
from onething.services.officers_requests import Appointment, Conclusion, Consultation, NewDay, Opinion

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.post("/{task_id}/consult", summary="向其他部门征求意见或会签", response_model=Asked, responses=_PROBLEMS)
async def ask_departments(task_id: TaskId, sent: Consultation, office: InOffice, by: By, key: Key) -> Response:
    return reply(await consult.consult(office, by, key, task_id, sent))


@router.post("/{task_id}/answer", summary="答复征求意见或会签", response_model=Answered, responses=_PROBLEMS)
async def give_opinion(task_id: TaskId, sent: Opinion, office: InOffice, by: By, key: Key) -> Response:
    return reply(await consult.give_opinion(office, by, key, task_id, sent))


@router.post("/{task_id}/inspect", summary="安排联合踏勘", response_model=Inspection, responses=_PROBLEMS)
async def appoint_inspection(task_id: TaskId, sent: Appointment, office: InOffice, by: By, key: Key) -> Response:
    return reply(await inspections.appoint(office, by, key, task_id, sent))


@router.post("/{task_id}/inspect/move", summary="联合踏勘改期", response_model=Inspection, responses=_PROBLEMS)
async def move_inspection(task_id: TaskId, sent: NewDay, office: InOffice, by: By, key: Key) -> Response:
    return reply(await inspections.move(office, by, key, task_id, sent))


@router.post("/{task_id}/conclude", summary="作出本事项的踏勘结论", response_model=Inspection, responses=_PROBLEMS)
async def conclude_inspection(task_id: TaskId, sent: Conclusion, office: InOffice, by: By, key: Key) -> Response:
    return reply(await inspections.conclude(office, by, key, task_id, sent))
