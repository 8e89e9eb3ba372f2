"""Three measurements on one stack: clocks spread over a minute, an end of business, one with nobody there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
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
from onething.store.connection.database import Database

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
    ready_s: float = 10.0  # and what it takes beside that
    away_s: float = 3.0  # from the kill to the due moment, and from there until everything is started again


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


class TooSlow(RuntimeError):
    """The due moment came before all was as the measurement wants it."""


@dataclass(frozen=True)
class Measurement:
    """The first two may be taken at the same time; the third leaves nothing alive to the others."""

    size: Size
    stack: StormStack
    seeder: Seeder
    deciding: Deciding
    console: Console

    @property
    def record(self) -> Record:
        return Record(self.stack.database_url)

    async def spread(self) -> Found:
        size = self.size
        first = in_seconds(self._lead(size.spread))
        step = timedelta(seconds=size.spread_over_s) / size.spread
        with self._shown("分散到期", size.spread) as ended:
            cases = await self.seeder.spread([first + number * step for number in range(size.spread)], ended)
        await self._ready(first)
        async with Heard(self.stack.database_url) as heard:
            await self.record.until_none_behind(cases, size.spread_over_s + self._lead(size.spread) + _DRAIN_WITHIN_S)
            await heard.of_all(cases)
            return await self.record.found(cases, heard)

    async def end_of_day(self) -> Storm:
        size = self.size
        await self.deciding.prepare(int(size.decide_s * 20) + 20)
        due = in_seconds(self._lead(size.at_once) + 2 * size.decide_s)
        with self._shown("同时到期", size.at_once) as ended:
            cases = await self.seeder.end_of_day(size.at_once, due, ended)
        await self._ready(due - timedelta(seconds=size.decide_s + 2))
        calm = await self.deciding.during(size.decide_s)
        async with Heard(self.stack.database_url) as heard:
            await _until(due)
            draining = asyncio.create_task(self.record.until_none_behind(cases, _DRAIN_WITHIN_S))
            busy = await self.deciding.during(size.decide_s)
            drain_s = await draining
            await heard.of_all(cases)
            return Storm(await self.record.found(cases, heard), drain_s, tuple(calm), tuple(busy))

    async def nobody_there(self) -> Killed:
        size = self.size
        due = in_seconds(self._lead(size.killed) + size.away_s)
        with self._shown("到期时全部被杀", size.killed) as ended:
            cases = await self.seeder.end_of_day(size.killed, due, ended)
        away = timedelta(seconds=size.away_s)
        await self._ready(due - away)
        await _until(due - away)
        early = await self.record.fired(cases)
        await self.stack.halt(*_EVERYTHING)
        in_time = datetime.now(UTC) < due
        await _until(due + away)
        await self.stack.resume(*reversed(_EVERYTHING))
        if not in_time:
            raise TooSlow("killing everything took longer than was allowed for")
        back = datetime.now(UTC)
        async with Heard(self.stack.database_url) as heard:
            await self.record.until_none_behind(cases, _DRAIN_WITHIN_S)
            drain_s = (datetime.now(UTC) - back).total_seconds()
            await heard.of_all(cases)
            return Killed(replace(await self.record.found(cases, heard), early=early), drain_s)

    def _lead(self, cases: int) -> float:
        """Seconds before the due moment at which one has to begin making so many cases."""
        return self.size.ready_s + cases / self.size.seeded_a_second

    async def _ready(self, before: datetime) -> None:
        """Wait until every workflow knows its case. Raises TooSlow, as soon as it is too late."""
        while datetime.now(UTC) <= before:
            if await self.record.handed_over():
                return
            await asyncio.sleep(0.25)
        raise TooSlow("making the cases took longer than was allowed for: choose fewer, or a faster machine")

    @contextmanager
    def _shown(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
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
