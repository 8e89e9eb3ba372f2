"""内部备注: what a department's people note on a task, for themselves: no letter, event or line has it."""

from onething.domain.principal import Principal
from onething.security.policy import Act
from onething.services.core.context import AppContext
from onething.services.core.task_access import task_for, task_ref
from onething.services.tasks.schemas import NoteRequest, NoteView
from onething.store.record import access_log
from onething.store.tables import task_notes
from onething.store.tables.tasks import Task


async def note(context: AppContext, principal: Principal, task_id: str) -> NoteView:
    """That of the task's item, whatever its rounds; also after the decision. Leaves a line in the access log."""
    async with context.transaction(principal, Act.READ_NOTE, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.READ_NOTE, task_id)
        stored = await task_notes.get(tx, task)
        access_log.add(tx, Act.READ_NOTE, context.clock.now(), case_no=task.case_no, detail=task.item)
    if stored is None:
        return NoteView()
    text = context.sealer.open(stored.body, context=_bound_to(task)).decode()
    return NoteView(text=text, version=stored.version, by=stored.by_subject, at=stored.at)


async def write(context: AppContext, principal: Principal, task_id: str, request: NoteRequest) -> NoteView:
    """In place of what there was. Raises OneThingError STALE_VERSION where a colleague has written since."""
    async with context.transaction(principal, Act.WRITE_NOTE, task_ref(task_id).case_no) as tx:
        task = await task_for(tx, principal, Act.WRITE_NOTE, task_id)
        now = context.clock.now()
        body = context.sealer.seal(request.text.encode(), context=_bound_to(task))
        version = await task_notes.write(tx, task, request.version, body, now)
        access_log.add(tx, Act.WRITE_NOTE, now, case_no=task.case_no, detail=task.item)
    return NoteView(text=request.text, version=version, by=principal.subject, at=now)


def _bound_to(task: Task) -> str:
    return f"{task.case_no}/note/{task.item}"
