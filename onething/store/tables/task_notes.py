"""内部备注: what a department's people note on an item of a case, for themselves."""

from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load
from onething.store.tables.tasks import Task

_sql = load("tables/task_notes")


@dataclass(frozen=True, slots=True)
class TaskNote:
    version: int
    body: bytes = field(repr=False)
    by_subject: str
    at: datetime


async def get(tx: Transaction, task: Task) -> TaskNote | None:
    """That of the task's item and department, whatever round it was written in."""
    row = await tx.row(_sql.get, case_no=task.case_no, item=task.item, department=task.department)
    return TaskNote(**row) if row else None


async def write(tx: Transaction, task: Task, version: int, body: bytes, at: datetime) -> int:
    """Its version from now on; `version`: the one that it takes the place of, 0 for none. Raises STALE_VERSION."""
    place = {"case_no": task.case_no, "item": task.item, "department": task.department}
    written = {"body": body, "by_subject": tx.actor.subject, "at": at}
    if version == 0:
        now = await tx.value(_sql.begin, **place, **written, region=task.region)
    else:
        now = await tx.value(_sql.change, **place, **written, version=version)
    if now is None:
        raise OneThingError(FailureCode.STALE_VERSION, "备注已由同事修改，请刷新后把您的内容并入再保存。")
    return int(now)
