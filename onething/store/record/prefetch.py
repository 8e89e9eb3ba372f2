"""What nearly every act on a case asks of the record before it says something, read in one message.

Whoever needs a part of it asks for it as ever (`idempotency.answered`, `tasks.get`, `cases.get`, the writer) and gets
it from here, the first time. Nothing else rests on whether it was read ahead.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load
from onething.store.record.idempotency import IdempotencyScope

_sql = load("record/prefetch")
_answered = load("record/idempotency").answered
_task = load("tables/tasks").get
_head = load("tables/cases").head
_enter = load("record/case_writer").enter
_COLUMNS = (3, 20, 18)  # of the first three; the rest is the entry's


async def look(tx: Transaction, scope: IdempotencyScope, key: str, case_no: str, task_id: str | None = None) -> None:
    """Whether the request was answered before; if not, the case is entered and locked."""
    request = {"caller": tx.actor.subject, "scope": str(scope), "key": key}
    found = await tx.ahead(_sql.ahead, **request, case_no=case_no, task_id=task_id)
    columns = iter(found.items())
    answered, task, head = (_row(islice(columns, count)) for count in _COLUMNS)
    entry = _row(columns)
    tx.brings(answered, _answered, **request)
    tx.brings(head, _head, case_no=case_no)
    if task_id is not None:
        tx.brings(task, _task, task_id=task_id)
    if entry is not None:
        # an event that closes or claims no task (a pause, say) enters without one: the same row serves
        for entered_task in {task_id, None}:
            tx.entered(entry, _enter, case_no=case_no, task_id=entered_task, command_id=None)


def _row(columns: Iterable[tuple[str, Any]]) -> dict[str, Any] | None:
    """None if there is no such row: the first column of each is never null in one."""
    row = dict(columns)
    return row if next(iter(row.values())) is not None else None
