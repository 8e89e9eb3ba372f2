"""The steady load of `bench.faults`: what is counted, and that a failure of one case ends the measurement."""

import asyncio

import pytest

from bench.contestants import Tally
from bench.faults import Load
from tests.support.patience import PATIENCE_S


class Cases:
    """Cases of a hundredth of a second each; some are held up for as long as `held` is not set."""

    name = "cases"

    def __init__(self, held_up: int = 0) -> None:
        self.held = asyncio.Event()
        self.at_once = self.most_at_once = 0
        self.checked: list[str] | None = None
        self._held_up = held_up

    async def one_case(self, tally: Tally) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self._held_up > 0:
            self._held_up -= 1
            await self.held.wait()
        await asyncio.sleep(0.01)
        tally.cases.append("case")
        self.at_once -= 1

    async def check(self, tally: Tally) -> None:
        self.checked = tally.cases


class FailingCases(Cases):
    async def one_case(self, tally: Tally) -> None:
        await super().one_case(tally)
        raise RuntimeError("no case")


async def until_counted(load: Load) -> None:
    """Wait until a stretch had cases that ended."""
    async with asyncio.timeout(PATIENCE_S):
        while await load.per_second(0.1) == 0:
            pass


async def test_who_is_held_up_takes_one_place_only() -> None:
    cases = Cases(held_up=1)
    load = Load(cases, in_flight=4)
    async with load.running():
        await until_counted(load)  # the other three go on
        assert cases.most_at_once == 4
        cases.held.set()
    assert cases.at_once == 0, "ends with all of them finished"
    assert cases.checked


async def test_held_up_altogether_nothing_is_counted() -> None:
    cases = Cases(held_up=4)
    load = Load(cases, in_flight=4)
    async with load.running():
        assert await load.per_second(0.1) == 0
        cases.held.set()
        await until_counted(load)


async def test_a_case_that_fails_ends_the_measurement() -> None:
    cases = FailingCases()
    with pytest.raises(ExceptionGroup, match="TaskGroup"):
        async with Load(cases, in_flight=2).running():
            await asyncio.sleep(PATIENCE_S)
    assert cases.checked is None
