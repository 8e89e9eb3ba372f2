"""Records the histories that replay: every story of tests/workflows, in one run and continued as new at every turn, and
some on the real server continued as new with attempts in flight, which the time-skipping one can't do.

`python -m tests.replay.record` adds the stories that have none; `--anew` records all again, which is right only when no
case that runs anywhere was started by the code before (docs/changing-a-live-workflow.md).
"""

import asyncio
import gc
import re
import sys
import tempfile
from itertools import product
from pathlib import Path

from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.embedded import ports
from onething.embedded.temporal import EmbeddedTemporal
from tests.support.servers import start_time_skipping
from tests.workflows.stories import STORIES
from tests.workflows.world import World
from workflows.case import LEEWAY_EVENTS

FOLDER = Path(__file__).parent / "histories"
VARIANTS = (("", 4096, 0), (".continued", 1, 0), (".edition1", 4096, 1), (".edition1.continued", 1, 1))
_STACK_TRACE = re.compile(r'"stackTrace": "(?:[^"\\]|\\.)*"')
IN_FLIGHT = ("goes_well", "source_refuses", "rejected")


async def record(anew: bool) -> None:
    async with await start_time_skipping() as environment:
        for name in STORIES:
            for suffix, longest, edition in VARIANTS:
                if anew or not list(FOLDER.glob(f"{name}{suffix}.[0-9]*.json")):
                    plan, story = STORIES[name]
                    world = World(environment, plan(), await environment.get_current_time())
                    world.max_history_events = longest
                    world.edition = edition
                    with environment.auto_time_skipping_disabled():
                        async with world.worker():
                            await story(world)
                    await _write(environment, world, f"{name}{suffix}")


async def record_in_flight(anew: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedTemporal(Path(folder), ports.any_free())
        server.start()
        try:
            client = await Client.connect(server.address, data_converter=pydantic_data_converter)
            environment = WorkflowEnvironment.from_client(client)
            for name, edition in product(IN_FLIGHT, (0, 1)):
                recording = f"{name}{'.edition1' if edition else ''}.in_flight"
                if anew or not list(FOLDER.glob(f"{recording}.[0-9]*.json")):
                    await _write(environment, await play_in_flight(environment, name, edition=edition), recording)
        finally:
            server.stop()


async def play_in_flight(environment: WorkflowEnvironment, name: str, *, edition: int) -> World:
    """The story on a real server, every turn of whose workflow is past any leeway."""
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = 1 - LEEWAY_EVENTS
    world.edition = edition
    world.failing["src-a"] = 1
    async with world.worker():
        await story(world)
    return world


async def _write(environment: WorkflowEnvironment, world: World, name: str) -> None:
    for number, history in enumerate(await _runs(environment, world), start=1):
        # where a failure arose says which machine recorded it, and nothing that replaying asks for
        text = _STACK_TRACE.sub('"stackTrace": ""', history.to_json())
        (FOLDER / f"{name}.{number}.json").write_text(text + "\n")


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
    asyncio.run(record_in_flight("--anew" in sys.argv))
    gc.collect()
