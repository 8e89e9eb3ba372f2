"""Published calendars: immutable rows, kept for good; and which open cases still count by an older one."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from onething.domain.calendar.days import Calendar
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.connection.sql_files import Query, load

_sql = load("tables/calendars")
_BEGINNING = (datetime(1, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class CountingCases:
    """A page of cases whose days are counted: how many were looked at, and which of them have yet to change."""

    looked_at: int
    outdated: tuple[str, ...]


async def publish(tx: Transaction, calendars: Iterable[Calendar]) -> Sequence[Calendar]:
    """Put in the record those that are not there yet, and give these. Every process does this at its start, before it
    opens a case."""
    new = []
    for calendar in calendars:
        put = await tx.value(
            _sql.put_calendar,
            digest=calendar.digest,
            code=calendar.code,
            version=calendar.version,
            body=calendar.to_json().decode(),
        )
        if put is not None:
            new.append(calendar)
    return new


async def get(tx: Transaction, digest: str) -> Calendar | None:
    body = await tx.value(_sql.calendar, digest=digest)
    return None if body is None else Calendar.model_validate_json(body)


async def versions(tx: Transaction, code: str) -> Sequence[tuple[int, str]]:
    """`(version, digest)` of each that is in the record, in order. A version has one digest, unless somebody loaded a
    calendar that was not published yet."""
    return [(row["version"], row["digest"]) for row in await tx.rows(_sql.versions, code=code)]


async def under_way(tx: Transaction) -> dict[str, int]:
    """Region → how many cases and drafts have not ended."""
    return {row["region"]: row["cases"] for row in await tx.rows(_sql.under_way_by_region)}


async def open_cases(
    database: Database, actor: Actor, regions: Iterable[str], digests: Sequence[str], *, batch: int
) -> AsyncIterator[CountingCases]:
    """All open cases, oldest first within each region; outdated are those that count by one of `digests`.

    No connection is held between two pages. Cases that come up meanwhile are seen too.
    """
    for region in regions:
        async for page in _pages(database, actor, _sql.under_way, "created_at", batch, region=region, digests=digests):
            yield page


async def ended_cases(
    database: Database, actor: Actor, digests: Sequence[str], *, batch: int
) -> AsyncIterator[CountingCases]:
    """Those of which a clock still runs, the soonest moment first; else as `open_cases`.

    One whose moment has come nearer meanwhile may be passed over: the next run sees it.
    """
    async for page in _pages(database, actor, _sql.ended_with_clocks, "next_wake_at", batch, digests=digests):
        yield page


async def _pages(
    database: Database, actor: Actor, query: Query, order: str, batch: int, **values: object
) -> AsyncIterator[CountingCases]:
    after = _BEGINNING
    while True:
        async with database.reading(actor) as tx:
            rows = await tx.rows(query, after_at=after[0], after_no=after[1], limit=batch, **values)
        if not rows:
            return
        yield CountingCases(len(rows), tuple(row["case_no"] for row in rows if row["counts_by_them"]))
        after = (rows[-1][order], rows[-1]["case_no"])
