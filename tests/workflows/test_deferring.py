"""A deferred material that never comes: the timer fires, the case is terminated, and what was done is undone."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.events import Accepted
from onething.domain.handover import SECOND_LOOK_WITHIN
from onething.domain.state import CaseStatus, ItemState
from tests.domain.builders import item, make_plan, material, may_wait, record
from tests.workflows.stories import approve
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAN = make_plan(
    item("licence", data=["a"], certificate=True),
    item("card", needs=["licence"], materials=["lease"], days=30),
    data=[record("a", releasable=True)],
    materials=[material("lease", defer=may_wait())],
)


async def test_it_runs_out_and_everything_is_undone(time_skipping_env: WorkflowEnvironment) -> None:
    now = await time_skipping_env.get_current_time()
    world = World(time_skipping_env, PLAN, now, materials=())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await world.hand_over()
            await world.settled()
            await world.say(Accepted(deferred=("lease",), notice="notice:2"), approve("licence"))
            due = world.case.state.clocks["deferred:lease"].due_at
            assert due is not None
            await world.sleep(due - await time_skipping_env.get_current_time() - timedelta(minutes=1))
            assert world.case.at("card") is ItemState.OPEN
            await world.sleep(timedelta(minutes=1) + SECOND_LOOK_WITHIN)
            await world.until(lambda: world.case.status is CaseStatus.TERMINATED)
            await world.ended()
    (ended,) = world.case.record.events("deferred_time_ended")
    assert ended.at == due
    assert world.undos == ["revoke licence", "release src-a"]
    assert (world.case.at("licence"), world.case.at("card")) == (ItemState.UNDONE, ItemState.LAPSED)
    assert world.calls["notice deferred"] == world.calls["notice terminated"] == 1
    assert world.case.record.folded() == world.case.state
