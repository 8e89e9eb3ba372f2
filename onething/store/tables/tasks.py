"""Departments' queues. Tasks are opened, claimed and closed by the case writer; here they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onething.domain.engine.task_flags import TaskFlag
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.task_ref import TaskKind, TaskName
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/tasks")
FIRST = (datetime(1970, 1, 1, tzinfo=UTC), "")
LATEST = (datetime(9999, 1, 1, tzinfo=UTC), "")
_NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)  # where a task without a due moment stands in the queue
LAST_DUE = datetime(9999, 12, 31, 12, tzinfo=UTC)  # after all of them
AT_SYSTEM = "at_system"
"""In place of a task's kind: a department's own system has it."""
OVER_MOST = 1001
"""What a count says that ends at a thousand: there are more."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row; times UTC. `result` as in `TaskClosed`. An open task that somebody works on has `claimed_by`. `flags`:
    why it is looked at before others, or stands still; of an open one."""

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
    flags: tuple[TaskFlag, ...] = ()
    supervised_due_at: datetime | None = None
    statutory_due_at: datetime | None = None

    @property
    def cursor(self) -> tuple[datetime, str]:
        """Where the page of the queue after this row begins: by its first date, the promise's or the law's."""
        dates = [at for at in (self.due_at, self.statutory_due_at) if at is not None]
        return (min(dates, default=_NO_DUE), self.task_id)

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


@dataclass(frozen=True, slots=True)
class HeldPart:
    """Something of a case that a department has to do, since then: a task, or what its own system has (`kind`
    AT_SYSTEM). Times UTC."""

    case_no: str
    kind: str
    item: str
    department: str
    flags: tuple[TaskFlag, ...]
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which of a department's tasks; what is left out narrows nothing. `holder`: who has claimed them, of closed ones
    who ended them. `flags`: all of these. `cases`: of these alone. `due_from` is counted in, `due_until` is not."""

    bundle: str | None = None  # its code
    item: str | None = None
    holder: str | None = None
    unclaimed: bool = False
    flags: tuple[TaskFlag, ...] = ()
    due_from: datetime = FIRST[0]
    due_until: datetime = LAST_DUE
    cases: tuple[str, ...] | None = None


ANY_TASK = TaskFilter()


@dataclass(frozen=True, slots=True)
class Today:
    """Now, and when the day ends."""

    at: datetime
    tomorrow: datetime


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How many open tasks each view of a queue has, and how many there are of the filter: `OVER_MOST` for more than
    that is counted."""

    total: int
    mine: int
    due_today: int
    unclaimed: int
    urged: int
    suspended: int
    overdue: int
    everything: int


@dataclass(frozen=True, slots=True)
class TaskRows:
    """A page, with the figures of the same moment."""

    tasks: Sequence[Task]
    figures: QueueFigures


async def queue(
    tx: Transaction,
    department: str,
    region: str,
    today: Today,
    where: TaskFilter = ANY_TASK,
    *,
    after: tuple[datetime, str] = FIRST,
    limit: int = 50,
) -> TaskRows:
    """Open tasks, the one due first at the head, whichever of its dates that is; those without a due moment last."""
    await tx.rows(_sql.plan_anew)
    rows = await tx.rows(
        _sql.queue,
        **_of_queue(tx, department, region, today, where),
        due_from=where.due_from,
        due_until=where.due_until,
        unclaimed=where.unclaimed,
        flags=list(where.flags) or None,
        after_at=after[0],
        after_id=after[1],
        limit=limit,
    )
    return _page(rows)


async def closed(
    tx: Transaction,
    department: str,
    region: str,
    today: Today,
    where: TaskFilter = ANY_TASK,
    *,
    before: tuple[datetime, str] = LATEST,
    limit: int = 50,
) -> TaskRows:
    """Tasks done or lapsed, the last one first; of the filter, bundle, item, holder and cases. The views count what is
    open all the same."""
    await tx.rows(_sql.plan_anew)
    rows = await tx.rows(
        _sql.closed,
        **_of_queue(tx, department, region, today, where),
        before_at=before[0],
        before_id=before[1],
        limit=limit,
    )
    return _page(rows)


async def get(tx: Transaction, task_id: str) -> Task:
    """Also a closed one: it is the standing decision that a 409 tells. Raises OneThingError NOT_FOUND."""
    row = await tx.row(_sql.get, task_id=task_id)
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个待办，或者不属于您的部门。")
    return _task(row)


async def of_case(tx: Transaction, case_no: str) -> Sequence[Task]:
    """A case's tasks as far as the actor may see them, oldest first."""
    return [_task(row) for row in await tx.rows(_sql.of_case, case_no=case_no)]


async def holders(tx: Transaction, case_nos: Sequence[str]) -> Sequence[HeldPart]:
    """What is open of each of these, as far as the actor may see it; what has been held the longest first."""
    rows = await tx.rows(_sql.holders, case_nos=list(case_nos))
    return [HeldPart(**{**row, "flags": tuple(TaskFlag(flag) for flag in row["flags"])}) for row in rows]


def _of_queue(tx: Transaction, department: str, region: str, today: Today, where: TaskFilter) -> Mapping[str, object]:
    return {
        "department": department,
        "region": region,
        "subject": tx.actor.subject,
        "moment": today.at,
        "tomorrow": today.tomorrow,
        "bundle": where.bundle,
        "item": where.item,
        "holder": where.holder,
        "cases": None if where.cases is None else list(where.cases),
    }


def _page(rows: Sequence[Any]) -> TaskRows:
    if not rows:
        return TaskRows([], QueueFigures(*[0] * len(QueueFigures.__slots__)))  # nobody of the department asks
    figures = QueueFigures(**{name: rows[0][name] for name in QueueFigures.__slots__})
    return TaskRows([_task(row) for row in rows if row["task_id"] is not None], figures)


def _task(row: Any) -> Task:
    parts = {name: row[name] for name in Task.__slots__}
    flags = tuple(TaskFlag(flag) for flag in row["flags"])
    return Task(**{**parts, "name": TaskName.parse(row["name"]), "flags": flags})
