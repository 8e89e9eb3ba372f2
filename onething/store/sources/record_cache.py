"""Records of sources that may be used again. `asked`: the keyed index of what was asked; bodies are sealed."""

from dataclasses import dataclass, field
from datetime import datetime

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.connection.sql_files import load

_sql = load("sources/record_cache")
_WORKER = Actor.worker()


@dataclass(frozen=True, slots=True)
class RetainedRecord:
    came_at: datetime
    body: bytes = field(repr=False)


async def keep(database: Database, source: str, query_digest: bytes, retained: RetainedRecord, until: datetime) -> None:
    """In the place of an older one. One that gets lost is asked for again: its transaction waits for no disk."""
    async with database.transaction(_WORKER, durable=False) as tx:
        await tx.row(
            _sql.keep, source=source, asked=query_digest, came_at=retained.came_at, until=until, body=retained.body
        )


async def drop(database: Database, source: str, query_digest: bytes) -> None:
    async with database.transaction(_WORKER) as tx:
        await tx.row(_sql.drop, source=source, asked=query_digest)


async def found(database: Database, source: str, query_digest: bytes, since: datetime) -> RetainedRecord | None:
    """If it came after `since`."""
    async with database.reading(_WORKER) as tx:
        row = await tx.row(_sql.found, source=source, asked=query_digest, since=since)
    return RetainedRecord(**dict(row)) if row else None


async def forget_old(tx: Transaction, now: datetime) -> None:
    """Drops those whose time is over; a worker's housekeeping."""
    await tx.row(_sql.forget, now=now)
