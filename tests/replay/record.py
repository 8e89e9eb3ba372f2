"""Plays what is recorded for replay: every story of tests/workflows, in one run and continued as new at every turn, and
some on the real server continued as new with attempts in flight, which the time-skipping one can't do.

`python -m tests.record histories` keeps the files (tests/record/histories.py).
"""

import re
import tempfile
from collections.abc import AsyncIterator, Collection
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
VARIANTS = {"": 4096, ".continued": 1}
"""Suffix → events after which a run continues as new: none of the stories gets there, or every turn does."""
_STACK_TRACE = re.compile(r'"stackTrace": "(?:[^"\\]|\\.)*"')
IN_FLIGHT = ("goes_well", "source_refuses", "rejected")

SKIPPING = {f"{story}{suffix}": (story, longest) for story in STORIES for suffix, longest in VARIANTS.items()}
ON_REAL_SERVER = {f"{name}.in_flight": name for name in IN_FLIGHT}
RECORDINGS = (*SKIPPING, *ON_REAL_SERVER)


async def play(recordings: Collection[str]) -> AsyncIterator[tuple[str, list[str]]]:
    """Each of these recordings with the history of every run of its workflow, the first first, as JSON."""
    skipping = [name for name in SKIPPING if name in recordings]
    on_real_server = [name for name in ON_REAL_SERVER if name in recordings]
    if skipping:
        async with await start_time_skipping() as environment:
            for name in skipping:
                yield name, await _play_skipping(environment, *SKIPPING[name])
    if on_real_server:
        with tempfile.TemporaryDirectory() as folder:
            server = EmbeddedTemporal(Path(folder), ports.any_free())
            server.start()
            try:
                client = await Client.connect(server.address, data_converter=pydantic_data_converter)
                environment = WorkflowEnvironment.from_client(client)
                for name in on_real_server:
                    yield name, await _texts(environment, await play_in_flight(environment, ON_REAL_SERVER[name]))
            finally:
                server.stop()


async def _play_skipping(environment: WorkflowEnvironment, name: str, longest: int) -> list[str]:
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = longest
    with environment.auto_time_skipping_disabled():
        async with world.worker():
            await story(world)
        return await _texts(environment, world)


async def play_in_flight(environment: WorkflowEnvironment, name: str) -> World:
    """The story on a real server, every turn of whose workflow is past any leeway."""
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = 1 - LEEWAY_EVENTS
    world.failing["src-a"] = 1
    async with world.worker():
        await story(world)
    return world


async def _texts(environment: WorkflowEnvironment, world: World) -> list[str]:
    # where a failure arose says which machine recorded it, and nothing that replaying asks for
    return [_STACK_TRACE.sub('"stackTrace": ""', run.to_json()) + "\n" for run in await runs_of(environment, world)]


async def runs_of(environment: WorkflowEnvironment, world: World) -> list[WorkflowHistory]:
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
