"""What the tests of the whole hold in their hands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client

from onething.domain.calendar.time_source import TimeSource
from onething.settings import Settings
from onething.wiring.worker import WorkerProcess, connect, worker_process
from tests.api.town import MovableClock, Town
from tests.connectors.support import RunningSimulator
from tests.support.patience import PATIENCE_S


class AheadClock(MovableClock):
    """The true time, and as far ahead of it as a test wants."""

    def __init__(self, true: TimeSource) -> None:
        self._true = true
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return self._true.now() + self._ahead

    def move(self, by: timedelta) -> None:
        self._ahead += by


class Whole:
    def __init__(self, town: Town, settings: Settings, clock: AheadClock, simulator: RunningSimulator) -> None:
        self.town = town
        self.settings = settings
        self.clock = clock
        self.simulator = simulator

    @asynccontextmanager
    async def working(self) -> AsyncIterator[WorkerProcess]:
        """A worker at work; on leaving it is cut off, as at a kill: nothing is finished first."""
        async with worker_process(self.settings, self.clock) as process:
            running = [asyncio.create_task(process.worker.run()), asyncio.create_task(process.relay.run())]
            try:
                yield process
            finally:
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    async def temporal(self) -> Client:
        return await connect(self.settings)

    async def status(self, case_no: str) -> str:
        return str(self.town.rows("select status from cases where case_no = %s", case_no)[0][0])

    async def until(self, case_no: str, status: str, *, seconds: float = PATIENCE_S) -> None:
        async def so() -> bool:
            return await self.status(case_no) == status

        await self.wait(so, seconds=seconds)

    async def gathered(self, case_no: str) -> None:
        """Wait until nothing is outstanding."""

        async def so() -> bool:
            return not await self.town.commands(case_no)

        await self.wait(so)

    async def wait(self, so: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE_S) -> None:
        async with asyncio.timeout(seconds):
            while not await so():  # noqa: ASYNC110  what is waited for is in another process
                await asyncio.sleep(0.05)

    def effects(self, case_no: str) -> list[dict[str, Any]]:
        """What the outside world has done for a case: one line per idempotency key."""
        lines = self.simulator.http.get(f"{self.simulator.url}/effects").json()["items"]
        return [line for line in lines if line["key"].startswith(f"{case_no}/")]

    def once_each(self, case_no: str) -> bool:
        effects = self.effects(case_no)
        return bool(effects) and all(effect["effects"] == 1 for effect in effects)
