"""Where a source's answer to a look-up will be, by the key it was asked with. Bodies are sealed."""

from datetime import datetime

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.connection.sql_files import load

_sql = load("sources/poll_addresses")
_WORKER = Actor.worker()


async def keep(database: Database, key: str, body: bytes, until: datetime) -> None:
    """In the place of an older one."""
    async with database.transaction(_WORKER, durable=False) as tx:
        await tx.row(_sql.keep, key=key, body=body, until=until)


async def forget(database: Database, key: str) -> None:
    async with database.transaction(_WORKER, durable=False) as tx:
        await tx.row(_sql.drop, key=key)


async def found(database: Database, key: str) -> bytes | None:
    async with database.reading(_WORKER) as tx:
        body: bytes | None = await tx.value(_sql.found, key=key)
    return body


async def forget_old(tx: Transaction, now: datetime) -> None:
    """Drops those whose time is over; a worker's housekeeping."""
    await tx.row(_sql.forget, now=now)
