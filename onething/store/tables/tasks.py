"""Departments' queues. Tasks are opened, claimed and closed by the case writer; here they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.task_ref import TaskKind, TaskName
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/tasks")
FIRST = (datetime(1970, 1, 1, tzinfo=UTC), "")
LATEST = (datetime(9999, 1, 1, tzinfo=UTC), "")
_NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)  # where a task without a due moment stands in the queue


@dataclass(frozen=True, slots=True)
class Task:
    """One row; times UTC. `result` as in `TaskClosed`. An open task that somebody works
    on has `claimed_by`. `urged`, `supervised_due_at`: what waits for its department's answer; told by `queue` and
    `shown` only."""

    task_id: str
    case_no: str
    kind: str
    item: str
    name: TaskName
    department: str
    region: str
    bundle: str
    round: int
    state: str
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    claimed_by: str | None
    claimed_at: datetime | None
    closed_by: str | None
    result: str | None
    urged: bool = False
    supervised_due_at: datetime | None = None

    @property
    def cursor(self) -> tuple[datetime, str]:
        """Where the page of the queue after this row begins."""
        return (self.due_at or _NO_DUE, self.task_id)

    @property
    def is_asked_now(self) -> bool:
        """Its department is asked for an opinion on the item, and somebody waits for it."""
        return self.kind == TaskKind.CONSULT and self.state == "open"

    @property
    def closed_cursor(self) -> tuple[datetime, str]:
        """Where the page of closed tasks after this row begins."""
        if self.closed_at is None:
            raise ValueError("an open task is in no page of closed ones")
        return (self.closed_at, self.task_id)


async def queue(
    tx: Transaction,
    department: str,
    region: str,
    *,
    after: tuple[datetime, str] = FIRST,
    limit: int = 50,
) -> Sequence[Task]:
    """Open tasks, the one due first at the head, those without a due moment last."""
    rows = await tx.rows(
        _sql.queue, department=department, region=region, after_at=after[0], after_id=after[1], limit=limit
    )
    return [_task(row) for row in rows]


async def closed(
    tx: Transaction, department: str, region: str, *, before: tuple[datetime, str] = LATEST, limit: int = 50
) -> Sequence[Task]:
    """Tasks done or lapsed, the last one first."""
    rows = await tx.rows(
        _sql.closed, department=department, region=region, before_at=before[0], before_id=before[1], limit=limit
    )
    return [_task(row) for row in rows]


async def get(tx: Transaction, task_id: str) -> Task:
    """Also a closed one: it is the standing decision that a 409 tells. Raises OneThingError NOT_FOUND."""
    return _found(await tx.row(_sql.get, task_id=task_id))


async def get_with_reminders(tx: Transaction, task_id: str) -> Task:
    """As `get`, with what waits for an answer."""
    return _found(await tx.row(_sql.shown, task_id=task_id))


async def of_case(tx: Transaction, case_no: str) -> Sequence[Task]:
    """A case's tasks as far as the actor may see them, oldest first."""
    return [_task(row) for row in await tx.rows(_sql.of_case, case_no=case_no)]


def _found(row: Any) -> Task:
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个待办，或者不属于您的部门。")
    return _task(row)


def _task(row: Any) -> Task:
    return Task(**{**row, "name": TaskName.parse(row["name"])})
