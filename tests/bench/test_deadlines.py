"""Promised deadlines on a stack of its own, as `python -m bench.deadlines` measures them, with few clocks."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from rich.console import Console

from bench.deadlines.run import Measurement, Size, TooSlow, measurement
from bench.servers import DEFINITIONS
from chaos.faults import TEMPORAL
from tests.support.servers import public_temporary_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.sampled(1, family="bench")]

SMALL = Size(spread=30, spread_over_s=2, at_once=30, killed=30, decide_s=1.5, ready_s=12, away_s=3)

Taken = TypeVar("Taken")


@pytest.fixture(scope="module")
async def measuring() -> AsyncIterator[Measurement]:
    with pytest.MonkeyPatch.context() as patch, public_temporary_folder() as folder:
        for name in [name for name in os.environ if name.startswith("ONETHING_") and name != "ONETHING_TEMPORAL_BIN"]:
            patch.delenv(name)
        patch.setenv("ONETHING_DEFINITIONS_DIR", str(DEFINITIONS))
        async with measurement(SMALL, Path(folder) / "data", Console(quiet=True)) as one:
            yield one


async def patiently(one: Measurement, take: Callable[[Measurement], Awaitable[Taken]]) -> Taken:
    """With twice the time before the due moment until that is enough for this machine, as busy as it is.

    Temporal is started again meanwhile: one that was starved may have its database "interrupted" for good.
    """
    size = one.size
    while True:
        try:
            return await take(replace(one, size=size))
        except TooSlow:
            size = replace(size, ready_s=2 * size.ready_s, away_s=2 * size.away_s)
            await one.stack.kill(TEMPORAL)
            await one.stack.healthy(TEMPORAL)


async def test_each_of_those_spread_fires_once_at_its_moment(measuring: Measurement) -> None:
    found = await patiently(measuring, Measurement.spread)
    assert found.all_once, found
    assert len(found.lateness_s) == SMALL.spread, "somebody did not hear of it"


async def test_all_that_end_at_once_fire_once_while_decisions_go_on(measuring: Measurement) -> None:
    storm = await patiently(measuring, Measurement.end_of_day)
    assert storm.found.all_once, storm.found
    assert storm.busy_s, "nothing was decided meanwhile"


async def test_killed_across_the_due_moment_all_fire_once_after_the_restart(measuring: Measurement) -> None:
    killed = await patiently(measuring, Measurement.nobody_there)
    assert killed.found.all_once, killed.found
