"""The histories that replay (tests/replay/histories): of each story every run, one file each.

A recording stays as it is, byte for byte, as long as today's code replays it and a new one would show the same facts
(`history_facts.py`): run ids, moments, and what happened to come first don't make it another.
"""

import asyncio
import gc
import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.record.book import Book
from tests.record.history_facts import facts
from tests.replay.record import FOLDER, RECORDINGS, play
from workflows.case import CaseWorkflow

KIND = "histories"
_NUMBER = re.compile(r"\.\d+$")


def record_histories(book: Book) -> None:
    asyncio.run(_record(book))
    gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)


async def _record(book: Book) -> None:
    recorded = recordings(FOLDER)
    wanted = [name for name in RECORDINGS if not (book.missing_only and name in recorded)]
    async for name, runs in play(wanted):
        await keep(book, name, recorded.get(name, []), runs)
    if not book.missing_only:
        forget(book, recorded, RECORDINGS)


def recordings(folder: Path) -> dict[str, list[Path]]:
    """Recording → the files of its runs, the first first."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.glob("*.json"), key=lambda file: (len(file.name), file.name)):
        found.setdefault(_NUMBER.sub("", file.stem), []).append(file)
    return found


async def keep(book: Book, name: str, files: Sequence[Path], runs: list[str], folder: Path = FOLDER) -> None:
    """Writes the runs in place of the files if these are not as good. One that goes as another did shows nothing."""
    old = [file.read_text(encoding="utf-8") for file in files]
    first_to_go_so: dict[object, str] = {}
    for run in runs:
        first_to_go_so.setdefault(_course(run), run)
    runs = list(first_to_go_so.values())
    if sentences := await _changes(old, runs):
        book.note(KIND, sentences, name)
        for file in files[len(runs) :]:
            book.remove(file)
        for number, run in enumerate(runs, start=1):
            book.write(folder / f"{name}.{number}.json", run)


def forget(book: Book, recorded: dict[str, list[Path]], names: Collection[str]) -> None:
    for name, files in recorded.items():
        if name not in names:
            book.note(KIND, ["is gone, for nothing plays it any more"], name)
            for file in files:
                book.remove(file)


def _course(run: str) -> tuple[tuple[str, str], ...]:
    """What happened, in its order: the kinds of events, and which activities were scheduled."""
    scheduled = "activityTaskScheduledEventAttributes"
    return tuple(
        (event["eventType"], event.get(scheduled, {}).get("activityType", {}).get("name", ""))
        for event in json.loads(run)["events"]
    )


async def _changes(old: list[str], new: list[str]) -> list[str]:
    if not old:
        return ["is recorded for the first time"]
    found = facts(old).changes_to(facts(new))
    if not await _all_replay(old):
        found.insert(0, "no longer replays: a case begun by the code before would stand still")
    return found


async def _all_replay(runs: list[str]) -> bool:
    replayer = Replayer(workflows=[CaseWorkflow], data_converter=pydantic_data_converter)
    for run in runs:
        result = await replayer.replay_workflow(
            WorkflowHistory.from_json("recorded", run), raise_on_replay_failure=False
        )
        if result.replay_failure is not None:
            return False
    return True
