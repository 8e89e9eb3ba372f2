"""From the record to Temporal: leases what waits in the outbox, commits, sends it, and confirms what was taken."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.domain.engine.snapshot import CaseSnapshot
from onething.relay.temporal_sender import Sender
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import outbox
from onething.store.record.outbox import LeasedSnapshot

log = logging.getLogger(__name__)

_WORKER = Actor.worker()
_PUT_OFF = timedelta(seconds=2)


class Relay:
    """One in every worker process; any number of them share the work.

    `woken` is set when something was committed; without it the outbox is looked at every `floor_s` seconds. What is
    committed within `apart_s` after a batch goes with the next one: leasing and confirming cost as much for one as for
    many. Neither needs to survive a crash: what is forgotten is sent again.
    """

    def __init__(
        self,
        database: Database,
        clock: TimeSource,
        sender: Sender,
        woken: asyncio.Event,
        *,
        floor_s: float = 1.0,
        apart_s: float = 0.1,
        batch: int = 50,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._woken = woken
        self._floor_s = floor_s
        self._apart_s = apart_s
        self._batch = batch

    async def run(self) -> None:
        """Until cancelled. PostgreSQL or Temporal being away only delays."""
        while True:
            self._woken.clear()
            try:
                while (leased := await self.drain_once()) == self._batch:
                    pass
                if leased:
                    await asyncio.sleep(self._apart_s)
            except Exception as failure:
                log.warning("relay can't reach the record", extra={"failure": type(failure).__name__})
                await asyncio.sleep(self._floor_s)
            await self._wait()

    async def drain_once(self) -> int:
        """Send one batch; returns how many were leased."""
        async with self._database.transaction(_WORKER, durable=False) as tx:
            leased = await outbox.lease(tx, self._clock.now(), limit=self._batch)
        if not leased:
            return 0
        taken = await asyncio.gather(*(self._send(one) for one in leased))
        await self._settle(
            [one.snapshot for one, ok in zip(leased, taken, strict=True) if ok],
            [one.snapshot.case_no for one, ok in zip(leased, taken, strict=True) if not ok],
        )
        return len(leased)

    async def _settle(self, sent: Sequence[CaseSnapshot], failed: Sequence[str]) -> None:
        async with self._database.transaction(_WORKER, durable=False) as tx:
            if sent:
                await outbox.confirm(tx, sent, self._clock.now())
            if failed:
                await outbox.put_off(tx, failed, self._clock.now() + _PUT_OFF)

    async def _send(self, leased: LeasedSnapshot) -> bool:
        snapshot = leased.snapshot
        try:
            await self._sender.send(snapshot, first=leased.first)
        except Exception as failure:
            log.warning("snapshot not taken", extra={"case_no": snapshot.case_no, "failure": type(failure).__name__})
            return False
        return True

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._floor_s):
                await self._woken.wait()
        except TimeoutError:
            return
