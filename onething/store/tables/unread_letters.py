"""Results and adverse letters that the applicant does not know of yet: written by the writer, gone once they know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/unread_letters")


class AfterUnread(NamedTuple):
    """Where a page begins."""

    due_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    case_no: str = ""
    letter: int = 0


@dataclass(frozen=True, slots=True)
class UnreadLetter:
    """`letter`: the line that it tells of; `step`: what the counter is to do, from `due_at` on."""

    case_no: str
    bundle: str
    letter: int
    kind: str
    channel: str
    since: datetime
    due_at: datetime
    step: str


async def due(tx: Transaction, region: str, now: datetime, *, after: AfterUnread, limit: int) -> Sequence[UnreadLetter]:
    """About which somebody is to do something by now, the one due first at the head."""
    rows = await tx.rows(
        _sql.due,
        region=region,
        now=now,
        after_at=after.due_at,
        after_case=after.case_no,
        after_letter=after.letter,
        limit=limit,
    )
    return [UnreadLetter(**row) for row in rows]
