"""The workflow goes on asking where nothing takes the place of a record: through its retries and its timer alone."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.definition.materials import FallbackKind
from onething.domain.events.intake import Accepted
from onething.domain.kernel.state import CaseStatus, DataState
from onething.domain.plan.plan import Plan
from tests.domain.builders import item, make_plan, record
from tests.workflows.stories import approve
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
FOR_GOOD = 1_000_000


def waiting_for_it(kind: FallbackKind = FallbackKind.WAIT) -> Plan:
    return make_plan(item("permit", data=["deed"]), data=[record("deed", kind=kind, releasable=True)])


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize("kind", [FallbackKind.WAIT, FallbackKind.MANUAL_CHECK])
async def test_a_source_is_asked_on_until_it_has_the_record(
    time_skipping_env: WorkflowEnvironment, kind: FallbackKind, refuses: bool
) -> None:
    """It stays silent through several rounds of patience, or says no at first."""
    env = time_skipping_env
    world = World(env, waiting_for_it(kind), await env.get_current_time())
    world.failing["src-deed"] = 0 if refuses else FOR_GOOD
    world.refusing.update({"src-deed"} if refuses else ())
    with env.auto_time_skipping_disabled():
        async with world.worker():
            await world.hand_over()
            await world.say(Accepted())
            await world.sleep(timedelta(hours=5))
            state = world.case.state
            wanted = DataState.PENDING if kind is FallbackKind.WAIT else DataState.CHECKING
            assert state.data["deed"] is wanted
            rounds = world.case.record.events("look_up_due" if refuses else "patience_ended")
            assert len(rounds) >= 2
            before = world.calls["src-deed"]
            world.failing["src-deed"] = 0
            world.refusing.clear()
            await world.sleep(timedelta(hours=5))
            await world.until(lambda: world.case.state.data["deed"] is DataState.IN_HAND)
            assert world.calls["src-deed"] == before + 1
            await world.say(approve("permit"))
            await world.ended()
    assert world.case.status is CaseStatus.CLOSED
    assert sum(world.effects.values()) == 1
    assert world.undos == []
    assert world.case.record.folded() == world.case.state
