"""A closed case goes on: a new run of the same workflow looks up, orders, makes out and tells what is new, and ends."""

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import ClockRules
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Accepted
from onething.domain.events.items import CaseReopened
from onething.domain.events.outcomes import CertificatesIssued
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.state import CaseStatus, ItemState
from tests.domain.builders import item, make_plan, material, may_be_promised
from tests.workflows.stories import approve, one_that_may_be_decided_anew, refuse, reopened_after_closing
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def certificates(world: World) -> list[tuple[str, ...]]:
    events = [line.event for line in world.case.record.events("certificates_issued")]
    return [one.numbers for one in events if isinstance(one, CertificatesIssued)]


@pytest.mark.parametrize("longest", [4096, 1], ids=["one_run", "continued_as_new"])
async def test_a_run_begins_anew_and_ends(time_skipping_env: WorkflowEnvironment, longest: int) -> None:
    world = World(time_skipping_env, one_that_may_be_decided_anew(), await time_skipping_env.get_current_time())
    world.max_history_events = longest
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await reopened_after_closing(world)
    assert (world.case.status, world.case.state.commands) == (CaseStatus.CLOSED, {})
    assert certificates(world) == [("licence-1",), ("permit-2", "card-1")]
    told = {"result": 2, "reopened": 1}
    assert {name: world.calls[f"notice {name}"] for name in told} == told
    assert (world.calls["src-b"], world.undos) == (2, ["release src-b"]), "released as its item fell away, held anew"
    assert world.calls["dep-card"] == 1
    assert len(world.run_ids) >= 2
    assert all(times == 1 for times in world.effects.values())
    assert world.case.record.folded() == world.case.state


async def test_a_run_that_still_waits_takes_it_up(time_skipping_env: WorkflowEnvironment) -> None:
    """For a promise to be looked into: the first run ends when the case has closed again, and that is done."""
    plan = make_plan(
        item("licence", materials=["lease"], certificate=True),
        item("permit", certificate=True, refusal=OnRefusal.GO_ON),
        materials=[material("lease", commitment=may_be_promised())],
        clocks=ClockRules(),
    )
    world = World(time_skipping_env, plan, await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await world.hand_over()
            await world.settled()
            await world.say(Accepted(), approve("licence"), refuse("permit"))
            await world.settled()
            assert world.case.status is CaseStatus.CLOSED
            await world.say(CaseReopened(items=("permit",), basis="杭政复〔2026〕12号", reason="notice:9"))
            await world.settled()
            await world.say(CommitmentChecked(material="lease", kept=True, finding="finding:lease"))
            assert world.case.at("permit") is ItemState.OPEN
            await world.say(ItemDecided(item="permit", round=2, outcome="approve"))
            await world.ended()
    assert world.case.status is CaseStatus.CLOSED
    assert certificates(world) == [("licence-1",), ("permit-2",)]
    assert len(world.run_ids) == 1
