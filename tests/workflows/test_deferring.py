"""A deferred material that never comes: the timer fires, the case is terminated, and what was reserved is released."""

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.kernel.state import ItemState
from tests.workflows.clock_stories import deferred_never_supplied, one_may_come_later
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_runs_out_and_what_was_reserved_is_released(time_skipping_env: WorkflowEnvironment) -> None:
    world = World(time_skipping_env, one_may_come_later(), await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await deferred_never_supplied(world)
    assert world.undos == ["revoke licence", "release src-a"]
    assert (world.case.at("licence"), world.case.at("card")) == (ItemState.UNDONE, ItemState.LAPSED)
    assert world.calls["notice accepted"] == world.calls["notice terminated"] == 1
    assert world.case.record.folded() == world.case.state
