"""Refusals of callers that nobody knows, for the access log: summed by the minute, so that a flood of them is no flood
of rows. What a signed-in caller is refused has a line of its own, written where it is refused."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.security.addresses import counted_as
from onething.security.origin import ORIGIN
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import access_log
from onething.store.record.access_log import Summed

log = logging.getLogger(__name__)

ALARM = "alarm"
_MINUTE = timedelta(minutes=1)
_LOOK_EVERY_S = 5.0
_MOST = 10_000  # lines that wait; beyond them nobody is told apart any more
_ELSEWHERE = "*"


class RefusalTally:
    """In memory until a minute is over; no request waits for it. A crash loses the sums of the last minute."""

    def __init__(self, database: Database, clock: TimeSource) -> None:
        self._database = database
        self._clock = clock
        self._sums: Counter[tuple[datetime, Summed]] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def open(self) -> None:
        """From now on sums are written as their minutes end."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Writes what there is, if the record answers."""
        self._closing = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        with suppress(OneThingError):
            await self.flush(everything=True)

    def add(
        self,
        act: str,
        outcome: str,
        *,
        by: Principal | None = None,
        case_no: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Once more, in the request under way. `outcome`: a code of failure, or ALARM; `detail`: a code."""
        actor, origin = Actor.of(by) if by else Actor.anybody(), ORIGIN.get()
        address = counted_as(origin.address) if origin else None
        summed = Summed(act, outcome, actor.subject, actor.role, address, case_no, detail)
        minute = self._clock.now().replace(second=0, microsecond=0)
        if (minute, summed) not in self._sums and len(self._sums) >= _MOST:
            nobody = Actor.anybody()
            summed = Summed(act, outcome, nobody.subject, nobody.role, _ELSEWHERE, None, None)
        self._sums[minute, summed] += 1

    async def flush(self, *, everything: bool = False) -> int:
        """Writes the sums of minutes that are over, or all; how many lines. Raises as `Database.transaction`: then they
        wait for the next time."""
        over = self._clock.now() - _MINUTE
        due = {key: times for key, times in self._sums.items() if everything or key[0] <= over}
        if not due:
            return 0
        for key in due:
            del self._sums[key]
        try:
            async with self._database.transaction(Actor.anybody(), durable=False) as tx:
                for (minute, summed), times in due.items():
                    access_log.add_sum(tx, summed, minute, times)
        except BaseException:
            self._sums.update(due)
            raise
        return len(due)

    async def _run(self) -> None:
        while not self._closing:  # the driver's pool may keep a cancellation to itself
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                await self.flush()
            except OneThingError as failure:
                log.warning("sums of refusals wait for the record", extra={"reason": failure.code})
