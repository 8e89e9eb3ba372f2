"""Makes good what got lost: queues again every case that should have moved and did not. Asks Temporal nothing."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from onething.domain.timing import Clock
from onething.store import handovers
from onething.store.actor import Actor
from onething.store.database import Database

log = logging.getLogger(__name__)


class Mender:
    """One in every worker process; the one that `only_one` chooses works, at most `per_second` cases a second."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        only_one: Callable[[], AbstractAsyncContextManager[bool]],
        *,
        every_s: float = 5.0,
        per_second: int = 10,
    ) -> None:
        self._database = database
        self._clock = clock
        self._only_one = only_one
        self._every_s = every_s
        self._per_second = per_second

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with self._only_one() as chosen:
                    while chosen:
                        mended = await self.mend_once()
                        await asyncio.sleep(1 if mended == self._per_second else self._every_s)
            except Exception as failure:
                log.warning("mender interrupted", extra={"failure": type(failure).__name__})
            await asyncio.sleep(self._every_s)

    async def mend_once(self) -> int:
        """How many cases were queued again."""
        async with self._database.transaction(Actor.worker()) as tx:
            mended = await handovers.mend(tx, self._clock.now(), limit=self._per_second)
        if mended:
            log.info("handed over again", extra={"cases": mended})
        return mended
