"""内部备注 and 标注: what a department's people note on an item, or pin to a field or material, for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load
from onething.store.tables.tasks import Task

_sql = load("tables/task_notes")


@dataclass(frozen=True, slots=True)
class TaskNote:
    """`place`: what it is pinned to; empty: a note on the item as a whole."""

    place: str
    version: int
    body: bytes = field(repr=False)
    by_subject: str
    at: datetime


async def of_item(tx: Transaction, task: Task) -> Sequence[TaskNote]:
    """Those of the task's item and department, whatever round they were written in."""
    rows = await tx.rows(_sql.of_item, case_no=task.case_no, item=task.item, department=task.department)
    return [TaskNote(**row) for row in rows]


async def write(tx: Transaction, task: Task, noted_at: str, version: int, body: bytes, at: datetime) -> int:
    """At this place: its version from now on. `version`: the one that it takes the place of, 0 for none. Raises
    STALE_VERSION."""
    place = {"case_no": task.case_no, "item": task.item, "department": task.department, "place": noted_at}
    written = {"body": body, "by_subject": tx.actor.subject, "at": at}
    if version == 0:
        now = await tx.value(_sql.begin, **place, **written, region=task.region)
    else:
        now = await tx.value(_sql.change, **place, **written, version=version)
    if now is None:
        raise OneThingError(FailureCode.STALE_VERSION, "备注已由同事修改，请刷新后把您的内容并入再保存。")
    return int(now)
