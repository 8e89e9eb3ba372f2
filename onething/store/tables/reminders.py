"""Urges and supervisions that wait for an answer, and the cards that were given: written by the writer, read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from onething.domain.kernel.clock_id import ClockId
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/reminders")


class AfterReminder(NamedTuple):
    """Where a page of awaited ones begins."""

    due_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    case_no: str = ""
    clock: str = ""


class BeforeCard(NamedTuple):
    """Where a page of cards begins."""

    at: datetime = datetime(9999, 1, 1, tzinfo=UTC)
    case_no: str = ""
    clock: str = ""
    rung: str = ""


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """`item` None: about the whole case, and any of its `departments` may answer. `read_at`: when one of them first
    opened the case since; None until then, and for departments."""

    case_no: str
    clock: ClockId
    item: str | None
    departments: tuple[str, ...]
    since: datetime
    due_at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CardGiven:
    """`department`: that had the item then, None for a card of the case as a whole. `bundle`: with its version."""

    case_no: str
    clock: ClockId
    rung: str
    item: str | None
    card: str
    at: datetime
    department: str | None
    bundle: str
    open: bool
    taken_back_at: datetime | None


async def awaited(
    tx: Transaction, region: str, department: str | None, *, after: AfterReminder, limit: int
) -> Sequence[ReminderRow]:
    """The one due first at the head; of one department, or of all that the actor may see."""
    rows = await tx.rows(
        _sql.awaited,
        region=region,
        department=department,
        after_at=after.due_at,
        after_case=after.case_no,
        after_clock=after.clock,
        limit=limit,
    )
    return [
        ReminderRow(**{**row, "clock": ClockId.parse(row["clock"]), "departments": tuple(row["departments"])})
        for row in rows
    ]


async def cards(
    tx: Transaction,
    region: str,
    department: str | None,
    card: str | None,
    *,
    since: datetime,
    until: datetime,
    before: BeforeCard,
    limit: int,
) -> Sequence[CardGiven]:
    """Given from `since` on, until before `until`, the newest first."""
    rows = await tx.rows(
        _sql.cards,
        region=region,
        department=department,
        card=card,
        since=since,
        until=until,
        before_at=before.at,
        before_case=before.case_no,
        before_clock=before.clock,
        before_rung=before.rung,
        limit=limit,
    )
    return [CardGiven(**{**row, "clock": ClockId.parse(row["clock"])}) for row in rows]
