"""Records the histories that replay: every story of tests/workflows in one run, and whatever runs go another way when
it is continued as new at every turn; some on the real server continued as new with attempts in flight, which the
time-skipping one can't do.

`python -m tests.replay.record` adds the stories that have none; `--anew` records all again, which is right only when no
case that runs anywhere was started by the code before (docs/changing-a-live-workflow.md).
"""

import asyncio
import gc
import json
import re
import sys
import tempfile
from collections.abc import Iterable
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
WHOLE, CONTINUED = 4096, 1
"""Events after which a run continues as new: none of the stories gets there, or every turn does."""
IN_FLIGHT = ("goes_well", "source_refuses", "rejected")
_STACK_TRACE = re.compile(r'"stackTrace": "(?:[^"\\]|\\.)*"')


async def record(names: Iterable[str]) -> None:
    async with await start_time_skipping() as environment:
        for name in names:
            _write(name, await _play(environment, name, WHOLE))
        for name in names:
            _write(f"{name}.continued", await _play(environment, name, CONTINUED), only_new=True)


async def _play(environment: WorkflowEnvironment, name: str, longest: int) -> list[WorkflowHistory]:
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = longest
    with environment.auto_time_skipping_disabled():
        async with world.worker():
            await story(world)
    return await _runs(environment, world)


async def record_in_flight(names: Iterable[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedTemporal(Path(folder), ports.any_free())
        server.start()
        try:
            client = await Client.connect(server.address, data_converter=pydantic_data_converter)
            environment = WorkflowEnvironment.from_client(client)
            for name in names:
                world = await play_in_flight(environment, name)
                _write(f"{name}.in_flight", await _runs(environment, world), only_new=True)
        finally:
            server.stop()


async def play_in_flight(environment: WorkflowEnvironment, name: str) -> World:
    """The story on a real server, every turn of whose workflow is past any leeway."""
    plan, story = STORIES[name]
    world = World(environment, plan(), await environment.get_current_time())
    world.max_history_events = 1 - LEEWAY_EVENTS
    world.failing["src-a"] = 1
    async with world.worker():
        await story(world)
    return world


def _write(name: str, runs: list[WorkflowHistory], *, only_new: bool = False) -> None:
    """`only_new`: not the runs that went as a recorded one did, which would show nothing more."""
    recorded = {went(path.read_text()) for path in FOLDER.glob("*.json")} if only_new else set()
    for number, history in enumerate(runs, start=1):
        # where a failure arose says which machine recorded it, and nothing that replaying asks for
        text = _STACK_TRACE.sub('"stackTrace": ""', history.to_json())
        if went(text) not in recorded:
            (FOLDER / f"{name}.{number}.json").write_text(text + "\n")
        if only_new:
            recorded.add(went(text))


def went(history: str) -> tuple[str, ...]:
    """What happened in a run, in order: its events, and which activity each of them started."""
    events = json.loads(history)["events"]
    return tuple(f"{event['eventType']} {_activity(event)}" for event in events)


def _activity(event: dict[str, dict[str, dict[str, str]]]) -> str:
    return event.get("activityTaskScheduledEventAttributes", {}).get("activityType", {}).get("name", "")


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


def main(anew: bool) -> None:
    FOLDER.mkdir(exist_ok=True)
    if anew:
        for path in FOLDER.glob("*.json"):
            path.unlink()
    missing = [name for name in STORIES if not (FOLDER / f"{name}.1.json").exists()]
    asyncio.run(record(missing))
    asyncio.run(record_in_flight([name for name in missing if name in IN_FLIGHT]))
    gc.collect()


if __name__ == "__main__":
    main("--anew" in sys.argv)
