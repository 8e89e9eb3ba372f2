"""Several workers, each with connections of its own, never call a source more often at once than it allows."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest

from onething.connectors.retry_spread import LONGEST_TURN_S
from onething.connectors.slots import SharedSlots
from onething.domain.calendar.time_source import SystemClock, TimeSource
from onething.domain.lookups.answers import Cause, SourceUnavailable
from onething.store.connection.database import Database
from onething.store.sources import slots as sources_slots
from tests.store.stage import Stage
from tests.support.patience import PATIENCE_MS, PATIENCE_S

LOOK_S = 0.1
LASTS_S = 60.0


class Source:
    """Counts who calls at once."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.running = 0
        self.calls: Counter[int] = Counter()
        self.trips: Counter[int] = Counter()

    async def called(self, worker: int, slots: SharedSlots, name: str, lasts_s: float) -> bool:
        try:
            async with slots.slot(name, self.total, LASTS_S):
                self.running += 1
                self.calls[worker] += 1
                assert self.running <= self.total, "more at once than the source allows"
                await asyncio.sleep(lasts_s)
                self.running -= 1
        except SourceUnavailable as full:
            if full.cause is not Cause.LIMIT_FULL or not 0 < (full.retry_after or 0) <= LONGEST_TURN_S:
                raise
            return False
        return True


@asynccontextmanager
async def workers_of(
    stage: Stage, source: Source, count: int, clock: TimeSource, look_every_s: float = LOOK_S
) -> AsyncIterator[list[SharedSlots]]:
    pools = [Database(stage.worker_url, pool_size=1, lock_timeout_ms=PATIENCE_MS) for _ in range(count)]
    slots = []
    for number, pool in enumerate(pools):
        await pool.open()

        async def change(name: str, how: Callable[[bytes], bytes], pool: Database = pool, number: int = number) -> None:
            source.trips[number] += 1
            await sources_slots.change(pool, name, how)

        slots.append(SharedSlots(change, clock, look_every_s=look_every_s))
    yield slots
    for one in slots:
        await one.aclose()
    for pool in pools:
        await pool.close()


@pytest.mark.parametrize(("total", "demand"), [(1, (3, 3)), (4, (20, 1, 1)), (10, (30, 30, 5))])
async def test_workers_together_keep_to_it(stage: Stage, total: int, demand: tuple[int, ...]) -> None:
    """Uneven demand: each look-up goes on asking until it has had its calls."""
    source, name, calls_each = Source(total), f"source of {total}", 5

    async def look_up(worker: int, slots: SharedSlots) -> None:
        for _ in range(calls_each):
            while not await source.called(worker, slots, name, 0.02):  # noqa: ASYNC110  asked again as attempts are
                await asyncio.sleep(LOOK_S / 4)

    async with workers_of(stage, source, len(demand), SystemClock()) as workers:
        asking = [
            asyncio.create_task(look_up(number, workers[number]))
            for number, wanted in enumerate(demand)
            for _ in range(wanted)
        ]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*asking)
    assert source.calls == Counter({number: wanted * calls_each for number, wanted in enumerate(demand)})
    assert source.running == 0


async def test_most_calls_cost_no_round_trip(stage: Stage) -> None:
    """The clock stands still, and the next look is further away than the test lasts."""
    source = Source(10)
    async with workers_of(stage, source, 1, stage.clock, look_every_s=PATIENCE_S) as [slots]:
        for _ in range(300):
            assert await source.called(0, slots, "busy one", 0)
        assert source.trips[0] == 1


async def test_slots_of_a_worker_that_was_killed_free_themselves(stage: Stage) -> None:
    """It holds all, and never says a word again."""
    source = Source(2)
    async with (
        workers_of(stage, source, 2, stage.clock) as [killed, other],
        killed.slot("abandoned", 2, LASTS_S),
        killed.slot("abandoned", 2, LASTS_S),
    ):
        for block in killed._blocks.values():
            assert block.keeper is not None
            block.keeper.cancel()
        for _ in range(int(LASTS_S)):
            assert not await source.called(1, other, "abandoned", 0), "its calls may still be on their way"
            stage.clock.pass_time(seconds=1)
        for _ in range(5):  # what it held was good for some looks beside that
            stage.clock.pass_time(seconds=LOOK_S)
            await source.called(1, other, "abandoned", 0)
        assert source.calls[1] >= 1


async def test_who_has_no_more_to_ask_gives_back(stage: Stage) -> None:
    """The clock stands still, so that nothing is free because its time is over."""
    source = Source(2)
    async with workers_of(stage, source, 2, stage.clock) as [first, second]:
        await asyncio.gather(*(source.called(0, first, "shared", 0.01) for _ in range(2)))
        async with asyncio.timeout(PATIENCE_S):
            while not await source.called(1, second, "shared", 0):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S / 4)


async def test_a_record_that_is_away_stops_calls_only_for_so_long(stage: Stage) -> None:
    """Who holds slots goes on with them for a while; nobody calls without."""
    source, away = Source(2), False

    async def change(name: str, how: Callable[[bytes], bytes]) -> None:
        if away:
            raise ConnectionError
        await partial(sources_slots.change, stage.worker)(name, how)

    slots = SharedSlots(change, stage.clock, look_every_s=LOOK_S)
    assert await source.called(0, slots, "lonely", 0)
    away = True
    assert await source.called(0, slots, "lonely", 0)
    stage.clock.pass_time(seconds=LOOK_S * 4)
    with pytest.raises(ConnectionError):
        await source.called(0, slots, "lonely", 0)
    away = False
    assert await source.called(0, slots, "lonely", 0)
    await slots.aclose()
