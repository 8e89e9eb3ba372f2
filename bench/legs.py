"""One leg: so many cases by one contestant, a fixed number of them in flight or so many begun in a second."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from bench.contestants import Contestant, Tally
from bench.cpu import busy_seconds, cpu_seconds


@dataclass(frozen=True)
class Leg:
    """`cpu`: group of processes → processor seconds a case. `others`: processors that were busy with something else."""

    name: str
    per_second: float
    tally: Tally
    cpu: Mapping[str, float]
    others: float


async def keep_in_flight(total: int, in_flight: int, start: Callable[[], Awaitable[None]]) -> None:
    """Call `start` so many times, never more than `in_flight` at once. The first failure ends all."""
    left = iter(range(total))

    async def lane() -> None:
        for _ in left:
            await start()

    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(in_flight, total)):
            lanes.create_task(lane())


async def begin_by_rate(total: int, per_second: float, start: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Call `start` so many times, evenly apart, however many are under way. The first failure ends all."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with asyncio.TaskGroup() as under_way:
        for number in range(total):
            await asyncio.sleep(began + number / per_second - clock())
            under_way.create_task(start())


async def run_leg(
    contestant: Contestant,
    cases: int,
    in_flight: int,
    groups: Mapping[str, int],
    ended: Callable[[], None],
    per_second: float | None = None,
) -> Leg:
    """`ended` is called for every case that came to its end. With `per_second`, `in_flight` counts for nothing."""
    tally = Tally()

    async def run_case() -> None:
        await contestant.one_case(tally)
        ended()

    before, busy_before, began = cpu_seconds(groups), busy_seconds(), time.perf_counter()
    if per_second is None:
        await keep_in_flight(cases, in_flight, run_case)
    else:
        await begin_by_rate(cases, per_second, run_case)
    seconds, busy_after, after = time.perf_counter() - began, busy_seconds(), cpu_seconds(groups)
    await contestant.check(tally)
    used = {group: after[group] - before[group] for group in before}
    others = max((busy_after - busy_before - sum(used.values())) / seconds, 0.0)
    cpu = {group: seconds_used / cases for group, seconds_used in used.items()}
    return Leg(contestant.name, cases / seconds, tally, cpu, others)
