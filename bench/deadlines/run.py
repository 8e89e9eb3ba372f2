"""Three measurements on one stack: clocks spread over a minute, an end of business, one with nobody there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.deadlines.decisions import Deciding
from bench.deadlines.looking import Found, Heard, Record
from bench.deadlines.seeding import Seeder, in_seconds
from bench.statistics import percentile
from chaos.faults import API, POSTGRES, TEMPORAL, WORKER_NAMES
from chaos.stack import StormStack, storm_stack
from onething.settings import Settings
from onething.store.database import Database

_DRAIN_WITHIN_S = 900.0
_EVERYTHING = (API, *WORKER_NAMES, TEMPORAL, POSTGRES)


@dataclass(frozen=True)
class Size:
    """How many clocks each measurement has, and how many seconds of calm decisions are compared with the busy ones."""

    spread: int = 1000
    spread_over_s: float = 60.0
    at_once: int = 5000
    killed: int = 1000
    decide_s: float = 20.0
    seeded_a_second: float = 30.0  # cases that the slowest machine makes and hands over in a second


@dataclass(frozen=True)
class Storm:
    found: Found
    drain_s: float
    calm_s: tuple[float, ...]  # decisions, sorted
    busy_s: tuple[float, ...]

    @property
    def slower(self) -> float:
        """How many times the middle decision takes of the calm one."""
        return percentile(self.busy_s, 0.5) / percentile(self.calm_s, 0.5)


@dataclass(frozen=True)
class Killed:
    found: Found
    drain_s: float  # from the moment at which everything was back


class Measurement:
    """`console` None: nothing is shown."""

    def __init__(self, size: Size, stack: StormStack, seeder: Seeder, deciding: Deciding, console: Console) -> None:
        self._size = size
        self._stack = stack
        self._seeder = seeder
        self._deciding = deciding
        self._record = Record(stack.database_url)
        self._console = console

    async def spread(self) -> Found:
        size = self._size
        first = in_seconds(self._lead(size.spread))
        step = timedelta(seconds=size.spread_over_s) / size.spread
        with self._shown("分散到期", size.spread) as ended:
            cases = await self._seeder.spread([first + number * step for number in range(size.spread)], ended)
        await self._ready(first)
        async with Heard(self._stack.database_url) as heard:
            await self._record.until_none_behind(cases, size.spread_over_s + self._lead(size.spread) + 60)
            await asyncio.sleep(1)
            return await self._record.found(cases, heard)

    async def end_of_day(self) -> Storm:
        size = self._size
        await self._deciding.prepare(int(size.decide_s * 20) + 20)
        due = in_seconds(self._lead(size.at_once) + 2 * size.decide_s)
        with self._shown("同时到期", size.at_once) as ended:
            cases = await self._seeder.end_of_day(size.at_once, due, ended)
        await self._ready(due - timedelta(seconds=size.decide_s + 2))
        calm = await self._deciding.during(size.decide_s)
        async with Heard(self._stack.database_url) as heard:
            await _until(due)
            draining = asyncio.create_task(self._record.until_none_behind(cases, _DRAIN_WITHIN_S))
            busy = await self._deciding.during(size.decide_s)
            drain_s = await draining
            await asyncio.sleep(1)
            return Storm(await self._record.found(cases, heard), drain_s, tuple(calm), tuple(busy))

    async def nobody_there(self) -> Killed:
        size = self._size
        due = in_seconds(self._lead(size.killed))
        with self._shown("到期时全部被杀", size.killed) as ended:
            cases = await self._seeder.end_of_day(size.killed, due, ended)
        await self._ready(due - timedelta(seconds=5))
        await _until(due - timedelta(seconds=3))
        await self._stack.halt(*_EVERYTHING)
        await _until(due + timedelta(seconds=3))
        await self._stack.resume(*reversed(_EVERYTHING))
        back = datetime.now(UTC)
        async with Heard(self._stack.database_url) as heard:
            await self._record.until_none_behind(cases, _DRAIN_WITHIN_S)
            drain_s = (datetime.now(UTC) - back).total_seconds()
            await asyncio.sleep(1)
            return Killed(await self._record.found(cases, heard), drain_s)

    def _lead(self, cases: int) -> float:
        """Seconds before the due moment at which one has to begin making so many cases."""
        return 10 + cases / self._size.seeded_a_second

    async def _ready(self, before: datetime) -> None:
        """Wait until every workflow knows its case. Too late for a measurement: RuntimeError."""
        while not await self._record.handed_over():  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.25)
        if datetime.now(UTC) > before:
            raise RuntimeError("making the cases took longer than was allowed for: choose fewer, or a faster machine")

    @contextmanager
    def _shown(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(what, total=total)
            yield lambda: progress.advance(task)


@asynccontextmanager
async def measurement(size: Size, folder: Path, console: Console) -> AsyncIterator[Measurement]:
    """A stack of its own, started; stopped at the end."""
    settings = Settings()
    async with storm_stack(folder) as stack:
        database = Database(stack.api_database_url, pool_size=8)
        await database.open()
        deciding = Deciding(stack.api_url, settings.demo_password.get_secret_value())
        try:
            yield Measurement(size, stack, Seeder(database, settings.region), deciding, console)
        finally:
            await deciding.close()
            await database.close()


async def _until(moment: datetime) -> None:
    await asyncio.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0))
