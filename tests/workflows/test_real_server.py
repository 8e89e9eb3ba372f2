"""What the time-skipping server can't do: continue as new with attempts in flight, as a history grown too long must."""

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.embedded.temporal import EmbeddedTemporal
from tests.workflows.stories import STORIES
from tests.workflows.world import World
from workflows.case import LEEWAY_EVENTS


@pytest.mark.parametrize("name", ["goes_well", "source_refuses", "rejected"])
async def test_attempts_in_flight_come_home_before_the_next_run(temporal_server: EmbeddedTemporal, name: str) -> None:
    client = await Client.connect(temporal_server.address, data_converter=pydantic_data_converter)
    environment = WorkflowEnvironment.from_client(client)
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = 1 - LEEWAY_EVENTS  # every turn is past any leeway
    world.failing["src-a"] = 1
    async with world.worker():
        await story(world)
    runs = [run async for run in client.list_workflows(f"WorkflowId = '{world.workflow_id}'")]
    assert len(runs) > 1, "nothing continued as new"
    assert not world.case.state.commands
    assert all(count == 1 for count in world.effects.values())
