"""What the time-skipping server can't do: continue as new with attempts in flight, as a history grown too long must;
and how snapshots reach a run."""

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.domain.engine.snapshot import CaseSnapshot
from onething.embedded.temporal import EmbeddedTemporal
from onething.relay.temporal_sender import TemporalSender, workflow_id
from tests.replay.record import IN_FLIGHT, play_in_flight, runs_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", IN_FLIGHT)
async def test_attempts_in_flight_come_home_before_the_next_run(temporal_server: EmbeddedTemporal, name: str) -> None:
    client = await Client.connect(temporal_server.address, data_converter=pydantic_data_converter)
    environment = WorkflowEnvironment.from_client(client)
    world = await play_in_flight(environment, name)
    assert len(await runs_of(environment, world)) > 1, "nothing continued as new"
    assert not world.case.state.commands
    assert all(count == 1 for count in world.effects.values())


async def test_the_first_hand_over_comes_with_the_start_and_every_other_as_a_signal(
    temporal_server: EmbeddedTemporal,
) -> None:
    client = await Client.connect(temporal_server.address, data_converter=pydantic_data_converter)
    sender = TemporalSender(client, "nobody-works-here")
    handle = client.get_workflow_handle(workflow_id("first-1"))

    async def signals() -> int:
        events = (await handle.fetch_history()).events
        return sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED for event in events)

    snapshot = CaseSnapshot(case_no="first-1", epoch=1, seq=1)
    for first, expected in ((True, 0), (True, 1), (False, 2)):  # the second as after a crash before the confirmation
        await sender.send(snapshot, first=first)
        assert await signals() == expected
    await handle.terminate()
    await sender.send(snapshot, first=False)
    assert await signals() == 1, "a run that is gone begins anew"
    await handle.terminate()
