"""Has the writer look at every case whose moment has come, as it comes: deadlines are kept by the record's own process.

Temporal's timers are the second look, spread over the minutes after it (`engine/snapshot.py`): promises of working days
all end in the same second, and thousands of timers then would hold up everything else that workflows do.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import due_cases
from onething.store.record.case_writer import CaseWriter

log = logging.getLogger(__name__)

_WORKER = Actor.worker()
_IN_HAND = timedelta(seconds=5)
_PUT_OFF = timedelta(minutes=1)
_MOST_PUT_OFF = 1000


class DueCasePoller:
    """One in every worker process; the one that `only_one` chooses works, and when it is gone another, `take_over_s`
    later. `at_once` cases at a time: as many people's requests as that are ever kept waiting."""

    def __init__(
        self,
        database: Database,
        writer: CaseWriter,
        clock: TimeSource,
        only_one: Callable[[], AbstractAsyncContextManager[Callable[[], bool]]],
        *,
        floor_s: float = 1.0,
        take_over_s: float = 5.0,
        batch: int = 100,
        at_once: int = 2,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._only_one = only_one
        self._floor_s = floor_s
        self._take_over_s = take_over_s
        self._batch = batch
        self._at_once = at_once
        self._put_off: dict[str, datetime] = {}

    async def run(self) -> None:
        """Until cancelled. PostgreSQL being away only delays."""
        while True:
            wait_s = self._take_over_s
            try:
                async with self._only_one() as chosen:
                    while chosen():
                        wait_s = self._floor_s
                        await asyncio.sleep(await self.look_once())
            except Exception as failure:
                log.warning("due-case poller interrupted", extra={"failure": type(failure).__name__})
                wait_s = self._floor_s
            await asyncio.sleep(wait_s)

    async def look_once(self) -> float:
        """See to one batch; returns after how many seconds to look again: at the next moment that is known, at most the
        floor."""
        now = self._clock.now()
        self._put_off = {case_no: until for case_no, until in self._put_off.items() if until > now}
        async with self._database.transaction(_WORKER, durable=False) as tx:
            due = await due_cases.due(tx, now, limit=self._batch, put_off=self._put_off)
        looked_at = await self._tick_all(due.case_nos)
        if looked_at and len(due.case_nos) == self._batch:
            return 0.0
        ahead = self._floor_s if due.following is None else (due.following - self._clock.now()).total_seconds()
        return min(max(ahead, 0.0), self._floor_s)

    async def _tick_all(self, case_nos: Sequence[str]) -> int:
        """How many could be looked at."""
        left, looked_at = iter(case_nos), 0

        async def lane() -> None:
            nonlocal looked_at
            for case_no in left:
                looked_at += await self._tick(case_no)

        async with asyncio.TaskGroup() as lanes:
            for _ in range(min(self._at_once, len(case_nos))):
                lanes.create_task(lane())
        return looked_at

    async def _tick(self, case_no: str) -> bool:
        """Whether it could be looked at. One that can't (somebody has it in hand, a newer state, a flaw in its record)
        does not hold up the others; PostgreSQL being away is no case's fault, and raises."""
        try:
            async with self._database.transaction(_WORKER, of_case=case_no) as tx:
                await self._writer.tick(tx, case_no, workflow_wakes=True)
        except Exception as failure:
            code = failure.code if isinstance(failure, OneThingError) else None
            if code is FailureCode.UNAVAILABLE:
                raise
            log.warning("moment put off", extra={"case_no": case_no, "failure": code or type(failure).__name__})
            if len(self._put_off) < _MOST_PUT_OFF:
                wait = _IN_HAND if code is FailureCode.BUSY else _PUT_OFF
                self._put_off[case_no] = self._clock.now() + wait
            return False
        return True
