"""What the relay can do in one short attempt is done before the workflow hears of it; what does not get through is the
workflow's, under the same key."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType

from onething.domain.events.intake import Accepted
from onething.domain.events.tasks import ItemDecided
from onething.relay.temporal_sender import workflow_id
from tests.domain.builders import item, make_plan
from tests.workflows.by_the_writer import House, WrittenCase

PLAN = make_plan(item("a", certificate=True))


@pytest_asyncio.fixture(loop_scope="session")
async def told(house: House) -> AsyncIterator[WrittenCase]:
    """Decided, and handed over."""
    case = await WrittenCase.begin(house, PLAN)
    await case.say(Accepted())
    yield case


async def decide(case: WrittenCase) -> None:
    await case.say(ItemDecided(item="a", round=1, outcome="approve"))


async def activities_of(case: WrittenCase) -> list[str]:
    history = await case.house.env.client.get_workflow_handle(workflow_id(case.case_no)).fetch_history()
    scheduled = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    return [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.event_type == scheduled
    ]


async def test_certificate_and_notice_are_there_before_the_workflow_hears(told: WrittenCase) -> None:
    await decide(told)
    assert await told.certificates() == 1
    await told.closes_well()
    assert await activities_of(told) == []


async def test_a_certificate_that_can_t_be_made_is_the_workflow_s(told: WrittenCase) -> None:
    told.house.broken.add(told.case_no)
    await decide(told)
    assert await told.certificates() == 0
    told.house.broken.discard(told.case_no)
    await told.house.sender.send(await told.house.look_at(told.case_no), first=False)
    await told.closes_well()
    assert set(await activities_of(told)) == {"issue_certificates"}


@pytest.mark.parametrize("how", ["away", "slow"])
async def test_a_notice_that_does_not_get_through_is_the_workflow_s(told: WrittenCase, how: str) -> None:
    told.house.unheard[told.case_no] = how
    await decide(told)
    assert await told.certificates() == 1
    await told.closes_well()  # told once, under one key
    assert await activities_of(told) == ["send_notices"]
