"""What departments' own systems have: orders under way, each a row of `commands` as long as it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/at_systems")


@dataclass(frozen=True, slots=True)
class AtSystem:
    """An item that a department's system has `since` then; its people get it at `until` at the latest. `due_at`: its
    promise. Times UTC."""

    case_no: str
    command: str
    item: str
    department: str
    bundle: str
    since: datetime
    until: datetime
    due_at: datetime | None

    @property
    def cursor(self) -> tuple[datetime, str, str]:
        """Where the page after this row begins."""
        return (self.until, self.case_no, self.command)


FIRST = (datetime(1970, 1, 1, tzinfo=UTC), "", "")


async def page(
    tx: Transaction, department: str, region: str, *, after: tuple[datetime, str, str] = FIRST, limit: int = 50
) -> Sequence[AtSystem]:
    """Those that people get first at the head."""
    at, case_no, command = after
    rows = await tx.rows(
        _sql.page,
        department=department,
        region=region,
        after_at=at,
        after_case=case_no,
        after_id=command,
        limit=limit,
    )
    return [AtSystem(**row) for row in rows]
