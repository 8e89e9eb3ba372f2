"""One leg: so many cases by one contestant, a fixed number of them in flight."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bench.contestants import Contestant, Tally
from bench.cpu import cpu_seconds


@dataclass(frozen=True)
class Leg:
    """`cpu`: group of processes → processor seconds a case. `load`: the machine's before the leg."""

    name: str
    per_second: float
    tally: Tally
    cpu: Mapping[str, float]
    load: float


async def keep_in_flight(total: int, in_flight: int, one: Callable[[], Awaitable[None]]) -> None:
    """Call `one` so many times, never more than `in_flight` at once. The first failure ends all."""
    left = iter(range(total))

    async def lane() -> None:
        for _ in left:
            await one()

    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(in_flight, total)):
            lanes.create_task(lane())


async def run_leg(
    contestant: Contestant, cases: int, in_flight: int, groups: Mapping[str, int], ended: Callable[[], None]
) -> Leg:
    """`ended` is called for every case that came to its end."""
    tally = Tally()

    async def one() -> None:
        await contestant.one_case(tally)
        ended()

    load, before, began = os.getloadavg()[0], cpu_seconds(groups), time.perf_counter()
    await keep_in_flight(cases, in_flight, one)
    seconds, after = time.perf_counter() - began, cpu_seconds(groups)
    await contestant.check(tally)
    cpu = {group: (after[group] - before[group]) / cases for group in before}
    return Leg(contestant.name, cases / seconds, tally, cpu, load)
