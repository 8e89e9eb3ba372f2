"""How workers have shared out the slots of each data source (see `connectors.slots`)."""

from collections.abc import Callable

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.sql_files import load

_sql = load("sources/slots")
_WORKER = Actor.worker()


async def change(database: Database, source: str, how: Callable[[bytes], bytes]) -> None:
    """What is kept of the source becomes `how` of it, one worker at a time."""
    async with database.transaction(_WORKER, durable=False) as tx:
        kept: str = await tx.value(_sql.hold, source=source)
        tx.with_commit(_sql.keep, source=source, shares=how(kept.encode()).decode())
