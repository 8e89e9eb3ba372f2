"""Keeps the sums that supervisors' figures come from, behind those who record: it costs them nothing."""

import asyncio
import logging

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.tables import measures

log = logging.getLogger(__name__)

_WORKER = Actor.worker()


class FiguresRollup:
    """One in every worker process; the database lets one at a time. Whoever reads the figures adds what is not taken up
    yet, so that a rollup that stands still makes reading slower, and no figure wrong."""

    def __init__(self, database: Database, *, every_s: float = 30.0) -> None:
        self._database = database
        self._every_s = every_s

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            more = False
            try:
                more = await self.fold_once()
            except Exception as failure:
                log.warning("figures not summed up", extra={"failure": type(failure).__name__})
            await asyncio.sleep(0 if more else self._every_s)

    async def fold_once(self) -> bool:
        """Whether there is more at once."""
        async with self._database.transaction(_WORKER, durable=False) as tx:
            return await measures.fold(tx)
