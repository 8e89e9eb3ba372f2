"""The time of each data source as workers share it out among themselves (see `connectors.rate`)."""

from datetime import datetime, timedelta

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.sql_files import load

_sql = load("sources/rates")
_WORKER = Actor.worker()


async def lease(database: Database, source: str, now: datetime, length: timedelta, ahead: timedelta) -> datetime | None:
    """When the stretch of `length` begins that is now the caller's alone; None if that would be after `now + ahead`."""
    async with database.transaction(_WORKER, durable=False) as tx:
        until: datetime | None = await tx.value(
            _sql.lease, source=source, now=now, until=now + length, length=length, latest=now + ahead
        )
    return until - length if until else None
