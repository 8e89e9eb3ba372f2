"""A bad rating long after the case has closed: a new run of the same workflow keeps its clocks."""

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.clock_stories import rated_after_closing, two_in_a_row
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_its_clocks_run_in_a_new_run(time_skipping_env: WorkflowEnvironment) -> None:
    world = World(time_skipping_env, two_in_a_row(), await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await rated_after_closing(world)
    assert len(world.run_ids) == 2
    assert world.case.record.folded() == world.case.state
