"""One at a time with a case, without a connection meanwhile."""

import asyncio

import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.key_locks import KeyLocks
from tests.store.stage import CITIZEN, Stage
from tests.support.patience import PATIENCE_S


async def test_one_at_a_time_in_order_and_others_are_not_held_up() -> None:
    turns, log = KeyLocks(), list[str]()

    async def work(key: str | None, name: str) -> None:
        async with turns.of(key, PATIENCE_S):
            log.append(f"{name} in")
            await asyncio.sleep(0.01)
            log.append(f"{name} out")

    await asyncio.gather(work("a", "1"), work("a", "2"), work("b", "3"), work(None, "4"))
    assert log.index("1 out") < log.index("2 in")
    assert max(log.index("3 in"), log.index("4 in")) < log.index("1 out")
    assert turns._queues == {}


async def test_who_waits_too_long_is_told_and_who_is_in_may_take_its_time() -> None:
    turns = KeyLocks()

    async def impatient() -> None:
        async with turns.of("a", 0.01):
            raise AssertionError("it is somebody else's turn")

    async with turns.of("a", 0.01):
        with pytest.raises(OneThingError) as told:
            await impatient()
        await asyncio.sleep(0.05)
    assert told.value.code is FailureCode.BUSY
    async with turns.of("a", 0.01):
        pass


async def test_a_timeout_of_the_work_itself_is_not_taken_for_a_busy_case() -> None:
    with pytest.raises(TimeoutError):
        async with KeyLocks().of("a", PATIENCE_S):
            raise TimeoutError


async def test_those_who_wait_for_one_case_leave_the_connections_to_others(stage: Stage) -> None:
    async def wait() -> None:
        async with stage.worker.transaction(CITIZEN, of_case="a"):
            pass

    async with stage.worker.transaction(CITIZEN, of_case="a"):
        waiting = [asyncio.create_task(wait()) for _ in range(20)]  # more than there are connections
        async with asyncio.timeout(PATIENCE_S), stage.worker.transaction(CITIZEN, of_case="b"):
            pass
    await asyncio.gather(*waiting)
