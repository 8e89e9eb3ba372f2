"""Tells the other processes how a worker finds the data sources: every few seconds and only if there is news."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from onething.connectors.tally import AttemptTally
from onething.domain.calendar.time_source import TimeSource
from onething.store.connection.database import Database
from onething.store.sources import figures

log = logging.getLogger(__name__)

_TIDY_EVERY = timedelta(hours=1)


class FiguresFlusher:
    """`breakers`: source → state, of those that are not closed."""

    def __init__(
        self,
        database: Database,
        clock: TimeSource,
        tally: AttemptTally,
        breakers: Callable[[], Mapping[str, str]],
        *,
        every_s: float = 10.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._tally = tally
        self._breakers = breakers
        self._every_s = every_s
        self._worker = uuid.uuid4().hex[:12]
        self._told: frozenset[str] = frozenset()
        self._tidied_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled; what was counted by then is told before."""
        try:
            while True:
                await asyncio.sleep(self._every_s)
                await self.tell()
        finally:
            await self.tell()

    async def tell(self) -> None:
        """Figures are not worth a failure: what can't be told now is told later."""
        now, counts, breakers = self._clock.now(), self._tally.taken(), self._breakers()
        if not counts and not breakers and not self._told:
            return
        tidy = self._tidied_at is None or now - self._tidied_at >= _TIDY_EVERY
        try:
            await figures.tell(self._database, self._worker, now, counts, breakers, tidy=tidy)
        except Exception as failure:
            self._tally.put_back(counts)
            log.warning("figures of sources not told", extra={"failure": type(failure).__name__})
            return
        self._told = frozenset(breakers)
        self._tidied_at = now if tidy else self._tidied_at
