"""What the time-skipping server can't do: continue as new with attempts in flight, as a history grown too long must."""

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.embedded.temporal import EmbeddedTemporal
from tests.replay.record import IN_FLIGHT, play_in_flight


@pytest.mark.parametrize("joint", [True, False], ids=["joint", "singly"])
@pytest.mark.parametrize("name", IN_FLIGHT)
async def test_attempts_in_flight_come_home_before_the_next_run(
    temporal_server: EmbeddedTemporal, name: str, joint: bool
) -> None:
    client = await Client.connect(temporal_server.address, data_converter=pydantic_data_converter)
    world = await play_in_flight(WorkflowEnvironment.from_client(client), name, joint=joint)
    runs = [run async for run in client.list_workflows(f"WorkflowId = '{world.workflow_id}'")]
    assert len(runs) > 1, "nothing continued as new"
    assert not world.case.state.commands
    assert all(count == 1 for count in world.effects.values())
