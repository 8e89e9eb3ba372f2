"""From the record to Temporal: leases what waits in the outbox, commits, sends it, and confirms what was taken.

What can be done in one short attempt is done before a case is sent, beside the others and never in their way; the
workflow then has less to do. The rest, and whatever does not get through, is the workflow's.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

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


class Effects(Protocol):
    """See `activities.quick_effects`."""

    def any_in(self, snapshot: CaseSnapshot, told_seq: int) -> bool: ...
    async def attempt(self, snapshot: CaseSnapshot) -> CaseSnapshot: ...


class Relay:
    """One in every worker process; any number of them share the work.

    `woken` is set when something was committed; without it the outbox is looked at every `floor_s` seconds. What is
    committed within `apart_s` after a batch goes with the next one: leasing and confirming cost as much for one as for
    many. Neither needs to survive a crash: what is forgotten is sent again. At most `slots` cases have something tried
    first at a time; when all are taken a case is sent as it is.
    """

    def __init__(
        self,
        database: Database,
        clock: TimeSource,
        sender: Sender,
        effects: Effects,
        woken: asyncio.Event,
        *,
        floor_s: float = 1.0,
        apart_s: float = 0.1,
        batch: int = 50,
        slots: int = 20,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._effects = effects
        self._woken = woken
        self._floor_s = floor_s
        self._apart_s = apart_s
        self._batch = batch
        self._free = slots
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled. PostgreSQL or Temporal being away only delays."""
        try:
            while True:
                self._woken.clear()
                try:
                    while (leased := await self._send_batch()) == self._batch:
                        pass
                    if leased:
                        await asyncio.sleep(self._apart_s)
                except Exception as failure:
                    _log_away(failure)
                    await asyncio.sleep(self._floor_s)
                await self._wait()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def drain_once(self) -> int:
        """Send one batch to the end; returns how many were leased."""
        leased = await self._send_batch()
        await asyncio.gather(*self._under_way)
        return leased

    async def _send_batch(self) -> int:
        """Returns how many were leased: of those something is tried for first are still under way."""
        async with self._database.transaction(_WORKER, durable=False) as tx:
            leased = await outbox.lease(tx, self._clock.now(), limit=self._batch)
        first = [one for one in leased if one.attempts == 1 and self._effects.any_in(one.snapshot, one.told_seq)]
        first = first[: self._free]
        if first:
            self._free -= len(first)
            task = asyncio.create_task(self._try_and_send(first))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        tried = {one.snapshot.case_no for one in first}
        plain = [one for one in leased if one.snapshot.case_no not in tried]
        if plain:
            await self._settle(await asyncio.gather(*(self._send(one, one.snapshot) for one in plain)))
        return len(leased)

    async def _try_and_send(self, first: Sequence[LeasedSnapshot]) -> None:
        try:
            await self._settle(await asyncio.gather(*(self._try_case_and_send(one) for one in first)))
        except Exception as failure:
            _log_away(failure)  # sent again once the lease has ended
        finally:
            self._free += len(first)

    async def _try_case_and_send(self, leased: LeasedSnapshot) -> tuple[CaseSnapshot, bool]:
        snapshot = leased.snapshot
        try:
            snapshot = await self._effects.attempt(snapshot)
        except Exception as failure:
            why = {"case_no": snapshot.case_no, "failure": type(failure).__name__}
            log.info("left to the workflow", extra=why)
        return await self._send(leased, snapshot)

    async def _send(self, leased: LeasedSnapshot, snapshot: CaseSnapshot) -> tuple[CaseSnapshot, bool]:
        """Whether it was taken."""
        try:
            await self._sender.send(snapshot, first=leased.told_seq == 0)
        except Exception as failure:
            log.warning("snapshot not taken", extra={"case_no": snapshot.case_no, "failure": type(failure).__name__})
            return snapshot, False
        return snapshot, True

    async def _settle(self, ended: Sequence[tuple[CaseSnapshot, bool]]) -> None:
        sent = [snapshot for snapshot, taken in ended if taken]
        failed = [snapshot.case_no for snapshot, taken in ended if not taken]
        async with self._database.transaction(_WORKER, durable=False) as tx:
            if sent:
                await outbox.confirm(tx, sent, self._clock.now())
            if failed:
                await outbox.put_off(tx, failed, self._clock.now() + _PUT_OFF)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._floor_s):
                await self._woken.wait()
        except TimeoutError:
            return


def _log_away(failure: Exception) -> None:
    log.warning("relay can't reach the record", extra={"failure": type(failure).__name__})
