"""内部备注 and 标注: what a department's people note on a task, and pin to a field or a material of it, for themselves.

No letter, event or line has it.
"""

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services.core.context import AppContext
from onething.services.core.task_access import task_for, task_ref
from onething.services.tasks.schemas import NoteRequest, NoteView, PinView
from onething.store.record import access_log
from onething.store.tables import task_notes
from onething.store.tables.task_notes import TaskNote
from onething.store.tables.tasks import Task

_WHOLE = ""


async def note(context: AppContext, principal: Principal, task_id: str) -> NoteView:
    """That of the task's item, whatever its rounds, and what is pinned; also after the decision. Leaves a line in the
    access log."""
    async with context.transaction(principal, Act.READ_NOTE, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.READ_NOTE, task_id)
        stored = {one.place: one for one in await task_notes.of_item(tx, task)}
        access_log.add(tx, Act.READ_NOTE, context.clock.now(), case_no=task.case_no, detail=task.item)
    whole = stored.pop(_WHOLE, None)
    pins = [_pin(context, task, one) for one in stored.values()] or None
    if whole is None:
        return NoteView(pins=pins)
    text = _opened(context, task, whole)
    return NoteView(text=text, version=whole.version, by=whole.by_subject, at=whole.at, pins=pins)


async def write(context: AppContext, principal: Principal, task_id: str, request: NoteRequest) -> NoteView:
    """In place of what there was. Raises OneThingError STALE_VERSION where a colleague has written since, InvalidInput
    for a place that the 一件事 has not."""
    place = request.place or _WHOLE
    async with context.transaction(principal, Act.WRITE_NOTE, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.WRITE_NOTE, task_id)
        _require_place(context, task, place)
        now = context.clock.now()
        body = context.sealer.seal(request.text.encode(), context=_bound_to(task, place))
        version = await task_notes.write(tx, task, place, request.version, body, now)
        access_log.add(tx, Act.WRITE_NOTE, now, case_no=task.case_no, detail=task.item)
    return NoteView(place=request.place, text=request.text, version=version, by=principal.subject, at=now)


def _require_place(context: AppContext, task: Task, place: str) -> None:
    definition = context.applications.definition(task.bundle)
    known = {f"form/{field.id}" for field in definition.form}
    known |= {f"material/{material.code}" for material in definition.materials}
    if place != _WHOLE and place not in known:
        detail = "这件事没有这个字段或材料，请在字段或材料旁边标注。"
        raise InvalidInput([FieldProblem("/place", FailureCode.INVALID_VALUE, detail)])


def _pin(context: AppContext, task: Task, stored: TaskNote) -> PinView:
    text = _opened(context, task, stored)
    return PinView(place=stored.place, text=text, version=stored.version, by=stored.by_subject, at=stored.at)


def _opened(context: AppContext, task: Task, stored: TaskNote) -> str:
    return context.sealer.open(stored.body, context=_bound_to(task, stored.place)).decode()


def _bound_to(task: Task, place: str) -> str:
    return f"{task.case_no}/note/{task.item}/{place}"
