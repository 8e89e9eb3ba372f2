"""What became of urges and supervisions: whether the departments that have to answer have opened the case since (已读),
and which of them nobody has to answer any more, for what they asked for was done (已办结).

That they did is a line of the access log, which each look leaves anyway: nothing is recorded for it."""

from collections.abc import Sequence
from datetime import datetime

from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.clock_id import ClockKind
from onething.domain.kernel.state import ClockState
from onething.services.core.context import AppContext
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import access_log, journal

_REMINDERS = ("urged", "urge_answered", "supervised", "supervision_answered")
"""Lines of the journal that begin one, or answer one."""
_KINDS = {ClockKind.URGE: "urge", ClockKind.SUPERVISION: "supervision"}
_ENDS = frozenset({ClockState.MET, ClockState.MISSED, ClockState.CANCELLED})
_MOST = 200
AskedSince = tuple[tuple[str, ...], datetime]
"""Which departments have to answer a reminder, and since when it waits."""


class ReadByView(ResponseModel):
    """A department that has to answer. `at`: when somebody of it first opened the case after the reminder; left out
    until then."""

    department: str
    department_name: str
    at: LocalDateTime | None = None


class SettledReminderView(ResponseModel):
    """An urge or a supervision that nobody answers any more: what it asked for was done before. `kind`: urge or
    supervision; `settled_at`: when."""

    kind: str
    item: str | None = None
    since: LocalDateTime
    settled_at: LocalDateTime


async def settled(tx: Transaction, case_no: CaseNo) -> tuple[SettledReminderView, ...]:
    """The oldest first. Neither those that were answered, nor those whose place a later one took: these ended with a
    line of that kind, and the others with what settled the matter."""
    lines = {line.seq: line for line in await journal.of_kinds(tx, case_no, _REMINDERS, limit=_MOST)}
    if not lines:
        return ()
    found = []
    for change in await journal.ledger(tx, case_no):
        begun = lines.get(change.clock.number) if change.clock.kind in _KINDS else None
        if begun is not None and change.what in _ENDS and change.seq not in lines:
            item = begun.event.get("item")
            kind = _KINDS[change.clock.kind]
            found.append(SettledReminderView(kind=kind, item=item, since=begun.at, settled_at=change.at))
    return tuple(found)


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
