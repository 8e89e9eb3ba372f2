"""An approval is taken back when the case has long closed: the workflow that waits for that decision has it undone."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Accepted
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.state import CaseStatus, ItemState
from tests.workflows.clock_stories import taken_on_trust
from tests.workflows.stories import approve
from tests.workflows.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
FOR_GOOD = 1_000_000


@pytest.mark.parametrize("answers", [True, False])
async def test_what_was_approved_on_it_is_undone(time_skipping_env: WorkflowEnvironment, answers: bool) -> None:
    """Or, where the department's system does not answer within patience, a person."""
    world = World(time_skipping_env, taken_on_trust(), await time_skipping_env.get_current_time())
    with time_skipping_env.auto_time_skipping_disabled():
        async with world.worker():
            await _closed_on_a_broken_promise(world)
            world.failing["revoke licence"] = 0 if answers else FOR_GOOD
            said = RevocationDecided(item="licence", round=1, revoke=True, opinion="o", material="lease", finding="f")
            await world.say(said)
            if not answers:
                await world.sleep(timedelta(minutes=world.case.record.plan.undo_patience_minutes + 15))
            await world.ended()
    state = world.case.state
    assert (state.status, state.items["licence"].state) == (CaseStatus.CLOSED, ItemState.UNDONE)
    assert [effect.target for effect in state.undo_tasks] == ([] if answers else ["licence"])
    assert (world.undos == ["revoke licence"], state.commands) == (answers, {})
    assert world.case.record.folded() == state


async def _closed_on_a_broken_promise(world: World) -> None:
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("licence"))
    await world.until(lambda: world.case.status is CaseStatus.CLOSED)
    await world.settled()
    await world.say(CommitmentChecked(material="lease", kept=False, finding="f"))
    await world.settled()
