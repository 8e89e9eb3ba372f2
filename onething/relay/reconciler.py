"""Makes good what got lost: queues again every case that should have moved and did not. Asks Temporal nothing.

Does the record's housekeeping too, since it is the one process of many.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import OneThingError
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import idempotency, outbox
from onething.store.sources import poll_addresses, record_cache
from onething.store.tables import cases, prefills

log = logging.getLogger(__name__)

_TIDY_EVERY = timedelta(hours=1)
_ANCHOR_WITHIN_S = 60.0


class Reconciler:
    """One in every worker process; the one that `only_one` chooses works, at most `per_second` cases a second."""

    def __init__(
        self,
        database: Database,
        clock: TimeSource,
        only_one: Callable[[], AbstractAsyncContextManager[Callable[[], bool]]],
        *,
        every_s: float = 5.0,
        per_second: int = 10,
        anchor: Callable[[], Awaitable[bool]] | None = None,
        anchor_every: timedelta = timedelta(hours=1),
    ) -> None:
        """`anchor` makes one anchor of the journal and tells whether there is more for another at once."""
        self._database = database
        self._clock = clock
        self._only_one = only_one
        self._every_s = every_s
        self._per_second = per_second
        self._anchor = anchor
        self._anchor_every = anchor_every
        self._tidied_at: datetime | None = None
        self._anchored_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with self._only_one() as chosen:
                    while chosen():
                        mended = await self.mend_once()
                        await self.tidy_now_and_then()
                        await self.anchor_now_and_then()
                        await asyncio.sleep(1 if mended == self._per_second else self._every_s)
            except Exception as failure:
                log.warning("reconciler interrupted", extra={"failure": type(failure).__name__})
            await asyncio.sleep(self._every_s)

    async def mend_once(self) -> int:
        """How many cases were queued again."""
        async with self._database.transaction(Actor.worker()) as tx:
            mended = await outbox.mend(tx, self._clock.now(), limit=self._per_second)
        if mended:
            log.info("handed over again", extra={"cases": mended})
        return mended

    async def tidy_now_and_then(self) -> None:
        """Forget answers, unconfirmed prefills, drafts and records of sources that have been kept for long enough."""
        now = self._clock.now()
        if self._tidied_at is not None and now - self._tidied_at < _TIDY_EVERY:
            return
        async with self._database.transaction(Actor.worker()) as tx:
            forgotten = await idempotency.forget_old(tx, now)
            await prefills.forget_old(tx, now)
            await cases.forget_drafts(tx, now)
            await record_cache.forget_old(tx, now)
            await poll_addresses.forget_old(tx, now)
        self._tidied_at = now
        if forgotten:
            log.info("answers forgotten", extra={"answers": forgotten})

    async def anchor_now_and_then(self) -> None:
        """Anchor the journal; a storage that is away or hangs is told in the log, and does not hold up the rest."""
        now = self._clock.now()
        if self._anchor is None or (self._anchored_at is not None and now - self._anchored_at < self._anchor_every):
            return
        self._anchored_at = now
        try:
            async with asyncio.timeout(_ANCHOR_WITHIN_S):
                more = await self._anchor()
        except (OneThingError, OSError) as failure:
            log.error("no anchor made", extra={"failure": type(failure).__name__, "reason": str(failure)})
            return
        if more:
            self._anchored_at = None
