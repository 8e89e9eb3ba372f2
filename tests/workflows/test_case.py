"""The case workflow against a record and an outside world in memory, on a server that skips time."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from onething.domain.events.intake import Accepted
from onething.domain.kernel.commands import Command
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState
from tests.workflows.stories import STORIES, approve
from tests.workflows.world import World, until
from workflows.case import CaseWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
async def world(time_skipping_env: WorkflowEnvironment, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    plan, _ = STORIES[request.param]
    made = World(time_skipping_env, plan(), await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with made.worker():
            yield made


def story(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", [name], indirect=True)


async def play(world: World, name: str) -> None:
    await STORIES[name][1](world)


@pytest.mark.parametrize("world", STORIES, indirect=True)
@pytest.mark.sampled(20)
@pytest.mark.parametrize("longest", [4096, 1], ids=["one_run", "continued_as_new"])
async def test_every_story_ends_with_nothing_left(world: World, request: pytest.FixtureRequest, longest: int) -> None:
    world.max_history_events = longest
    await play(world, request.node.callspec.params["world"])
    state = world.case.state
    assert not state.commands
    assert state.told
    assert all(clock.state is not ClockState.RUNNING for clock in state.clocks.values())
    assert world.case.record.folded() == state
    assert all(count == 1 for count in world.effects.values())


@story("goes_well")
async def test_four_activities_and_no_more(world: World) -> None:
    await play(world, "goes_well")
    assert world.case.status is CaseStatus.CLOSED
    assert world.calls == {"src-a": 1, "src-b": 1, "issue": 1, "notice result": 1}


async def activities(world: World) -> list[str]:
    history = await world.env.client.get_workflow_handle(world.workflow_id).fetch_history()
    scheduled = [event.activity_task_scheduled_event_attributes.activity_type.name for event in history.events]
    return [name for name in scheduled if name]


@story("goes_well")
async def test_look_ups_and_the_notice_of_acceptance_begin_as_one_activity(world: World) -> None:
    """Whose parts that had no answer go on by themselves, and hold nobody up."""
    world.failing["notices"] = 1
    await world.say(Accepted(), tell=False)
    await world.hand_over()
    await world.until(lambda: world.case.at("first") is ItemState.OPEN)
    await world.settled()
    assert await activities(world) == ["begin_together", "send_notices"]
    assert world.calls == {"src-a": 1, "src-b": 1, "notice accepted": 2}
    await world.say(*(approve(item) for item in ("first", *(f"next{n}" for n in range(4)))))
    await world.ended()  # a run that is broken off would hold up the server's time


@story("source_fails_at_first")
async def test_a_failing_source_is_asked_again(world: World) -> None:
    await play(world, "source_fails_at_first")
    assert world.calls["src-a"] == 6
    assert world.case.status is CaseStatus.CLOSED


@story("patience_ends")
async def test_patience_ends_and_the_applicant_supplies(world: World) -> None:
    await play(world, "patience_ends")
    assert world.calls["notice supply_needed"] == 1
    (ended,) = world.case.record.events("patience_ended")
    (asked,) = world.case.record.events("submitted")
    assert (ended.at - asked.at).total_seconds() == 3600
    assert world.case.status is CaseStatus.CLOSED


@story("refused_and_undone")
async def test_undone_newest_first(world: World) -> None:
    await play(world, "refused_and_undone")
    assert world.case.status is CaseStatus.TERMINATED
    assert world.undos == ["revoke permit", "revoke licence", "release src-a"]
    assert world.case.at("licence") is ItemState.UNDONE


@story("undo_becomes_a_task")
async def test_an_undo_past_its_patience_becomes_a_task(world: World) -> None:
    await play(world, "undo_becomes_a_task")
    assert world.undos == ["revoke permit", "release src-a"]
    assert world.case.at("licence") is ItemState.UNDONE


@story("withdrawn_in_flight")
async def test_a_fetch_in_flight_at_withdrawal_is_kept_and_undone(world: World) -> None:
    await play(world, "withdrawn_in_flight")
    assert world.case.status is CaseStatus.WITHDRAWN
    assert world.undos == ["release src-a", "release src-a"]  # at the withdrawal, and when the answer came


@story("nobody_decides")
async def test_clocks_fall_due_at_their_moment(world: World) -> None:
    await play(world, "nobody_decides")
    overdue = world.case.record.events("clock_overdue")
    assert len(overdue) == 6
    for line in overdue:
        assert line.at == world.case.state.clocks[line.event.clock].due_at  # type: ignore[union-attr]
    assert len(world.case.record.events("clock_warned")) == 6


@story("goes_well")
async def test_a_command_of_an_unknown_kind_waits_for_a_newer_worker(world: World) -> None:
    snapshot = world.snapshot()
    strange = Command(id="1.fold_paper.9", kind="fold_paper")
    handle = await world.hand_over(snapshot.model_copy(update={"commands": (*snapshot.commands, strange)}))

    async def a_task_failed() -> bool:
        events = (await handle.fetch_history()).events
        return any(event.HasField("workflow_task_failed_event_attributes") for event in events)

    await until(a_task_failed)
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert not world.calls  # nothing is half-begun by a worker that does not understand everything


@story("goes_well")
async def test_no_text_of_a_failure_reaches_the_history(world: World) -> None:
    world.broken_gateway = 1000
    handle = await world.hand_over()
    await world.until(lambda: world.broken_gateway < 998)
    described = await handle.describe()
    kept = str(described.raw_description.pending_activities)
    assert "ConnectionError" in kept
    assert "330106" not in kept
    assert "secret" not in kept


@story("goes_well")
async def test_progress_is_as_of_the_last_hand_over(world: World) -> None:
    handle = await world.hand_over()
    await world.settled()
    await world.say(Accepted())

    async def told() -> bool:
        return await handle.query(CaseWorkflow.progress) == world.snapshot()

    await until(told)
    assert world.snapshot().items["first"] == "open"
