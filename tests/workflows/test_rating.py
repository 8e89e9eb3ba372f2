"""A bad rating long after the case has closed: a new run of the same workflow keeps its clocks."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.events import Accepted, Rated, RatingContacted, RatingRectified
from onething.domain.handover import SECOND_LOOK_WITHIN
from onething.domain.state import CaseStatus
from tests.domain.builders import item, make_plan
from tests.workflows.stories import approve
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_its_clocks_run_in_a_new_run(time_skipping_env: WorkflowEnvironment) -> None:
    world = World(time_skipping_env, make_plan(item("a")), await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await world.say(Accepted(), approve("a"))
            await world.ended()
            assert world.case.status is CaseStatus.CLOSED
            await world.sleep(timedelta(days=3))
            await world.say(Rated(grade=1))
            due = world.case.state.clocks["rating:contact"].due_at
            assert due is not None
            await world.sleep(due - await time_skipping_env.get_current_time() + SECOND_LOOK_WITHIN)
            await world.until(lambda: bool(world.case.record.events("clock_overdue")))
            await world.say(RatingContacted(note="n"), RatingRectified(note="n"))
            await world.ended()
    (overdue,) = world.case.record.events("clock_overdue")
    assert overdue.at == due
    assert len(world.run_ids) == 2
    assert world.case.record.folded() == world.case.state
