"""Published calendars: immutable rows, kept for good."""

from collections.abc import Iterable

from onething.domain.calendar import Calendar
from onething.store.database import Transaction
from onething.store.queries import load

_sql = load("reference")


async def publish(tx: Transaction, calendars: Iterable[Calendar]) -> None:
    """Put in the record those that are not there yet. Every process does this at its start, before it opens a case."""
    for calendar in calendars:
        await tx.rows(
            _sql.put_calendar,
            digest=calendar.digest,
            code=calendar.code,
            version=calendar.version,
            body=calendar.to_json().decode(),
        )


async def get(tx: Transaction, digest: str) -> Calendar | None:
    body = await tx.value(_sql.calendar, digest=digest)
    return None if body is None else Calendar.model_validate_json(body)
