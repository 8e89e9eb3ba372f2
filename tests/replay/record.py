"""Records the histories that replay: every story of tests/workflows, in one run and continued as new at every turn.

`python -m tests.replay.record` adds the stories that have none; `--anew` records all again, which is right only when no
case that runs anywhere was started by the code before (docs/changing-a-live-workflow.md).
"""

import asyncio
import gc
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.embedded import programs
from tests.workflows.stories import STORIES
from tests.workflows.world import World

FOLDER = Path(__file__).parent / "histories"


async def record(anew: bool) -> None:
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter, test_server_existing_path=str(programs.test_server())
    )
    async with environment:
        for name in STORIES:
            for suffix, longest in (("", 4096), (".continued", 1)):
                if anew or not list(FOLDER.glob(f"{name}{suffix}.*.json")):
                    await _record(environment, name, suffix, longest)


async def _record(environment: WorkflowEnvironment, name: str, suffix: str, longest: int) -> None:
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = longest
    with environment.auto_time_skipping_disabled():
        async with world.worker():
            await story(world)
    for number, history in enumerate(await _runs(environment, world), start=1):
        (FOLDER / f"{name}{suffix}.{number}.json").write_text(history.to_json() + "\n")


async def _runs(environment: WorkflowEnvironment, world: World) -> list[WorkflowHistory]:
    """Every run of the story's workflow, the first first."""
    client, runs = environment.client, []
    for run_id in world.run_ids:
        following: str | None = run_id
        while following is not None:
            history = await client.get_workflow_handle(world.workflow_id, run_id=following).fetch_history()
            runs.append(history)
            last = history.events[-1]
            continued = last.workflow_execution_continued_as_new_event_attributes
            following = continued.new_execution_run_id or None
    return runs


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(record("--anew" in sys.argv))
    gc.collect()
