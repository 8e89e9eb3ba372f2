"""已读: whether the departments that have to answer an urge or a supervision have opened the case since.

That they did is a line of the access log, which each look leaves anyway: nothing is recorded for it."""

from collections.abc import Sequence
from datetime import datetime

from onething.domain.kernel.case_no import CaseNo
from onething.services.core.context import AppContext
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import access_log

AskedSince = tuple[tuple[str, ...], datetime]
"""Which departments have to answer a reminder, and since when it waits."""


class ReadByView(ResponseModel):
    """A department that has to answer. `at`: when somebody of it first opened the case after the reminder; left out
    until then."""

    department: str
    department_name: str
    at: LocalDateTime | None = None


async def read_by(
    context: AppContext, tx: Transaction, case_no: CaseNo, reminders: Sequence[AskedSince]
) -> list[tuple[ReadByView, ...]]:
    """For each reminder when each of those who have to answer it has looked."""
    opened = await access_log.opened_since(tx, case_no, [since for _, since in reminders])
    return [_told(context, departments, seen) for (departments, _), seen in zip(reminders, opened, strict=True)]


def _told(
    context: AppContext, departments: Sequence[str], opened: Sequence[tuple[str, datetime]]
) -> tuple[ReadByView, ...]:
    seen = dict(opened)
    return tuple(
        ReadByView(department=one, department_name=context.department(one), at=seen.get(one)) for one in departments
    )
