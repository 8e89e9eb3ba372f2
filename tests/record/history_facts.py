"""What a workflow's histories say about its code: which commands it gives, and the fields that it is told and tells.

Two recordings of one story differ in moments, identities, and in what happened to come first: how many runs there were,
which timers were moved, by which answer something was learned. None of that is a fact here.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_OTHER_COMMANDS = ("CHILD_", "START_CHILD_", "UPSERT_", "SIGNAL_EXTERNAL_", "NEXUS_")

Event = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """Each is what follows "the workflow …" in a sentence."""

    commands: frozenset[str]
    fields: frozenset[str]

    def changes_to(self, new: "Facts") -> list[str]:
        """What it does otherwise by the new ones. Fields that have come since make no difference: a history that lacks
        them shows that they may be absent."""
        gone = [*sorted(self.commands - new.commands), *sorted(self.fields - new.fields)]
        return [
            *(f"the workflow no longer {fact}" for fact in gone),
            *(f"the workflow now {fact}" for fact in sorted(new.commands - self.commands)),
        ]


def facts(runs: Iterable[str]) -> Facts:
    """Of the histories of one story's runs, as JSON."""
    events = [event for run in runs for event in json.loads(run)["events"]]
    return Facts(frozenset(_commands(events)), frozenset(_told_fields(events)))


def _commands(events: list[Event]) -> Iterator[str]:
    for event in events:
        attributes = _attributes(event)
        match event["eventType"].removeprefix("EVENT_TYPE_"):
            case "ACTIVITY_TASK_SCHEDULED":
                yield f"schedules {attributes['activityType']['name']}"
            case "WORKFLOW_EXECUTION_CONTINUED_AS_NEW":
                yield "goes on as new"
            case "WORKFLOW_EXECUTION_COMPLETED":
                yield "ends"
            case "WORKFLOW_EXECUTION_FAILED":
                yield "fails"
            case "TIMER_STARTED":
                yield "sets a timer"
            case "MARKER_RECORDED":
                yield f"records the marker {attributes.get('markerName')}"
            case kind if kind.startswith(_OTHER_COMMANDS):
                yield f"gives the event {kind}"


def _told_fields(events: list[Event]) -> Iterator[str]:
    for event in events:
        attributes = _attributes(event)
        match event["eventType"].removeprefix("EVENT_TYPE_"):
            case "WORKFLOW_EXECUTION_STARTED" | "WORKFLOW_EXECUTION_SIGNALED" | "ACTIVITY_TASK_COMPLETED":
                subject = "is told"
            case "ACTIVITY_TASK_SCHEDULED":
                subject = f"tells {attributes['activityType']['name']}"
            case _:
                continue
        for payload in (attributes.get("input") or attributes.get("result") or {}).get("payloads", []):
            if data := payload.get("data"):
                yield from (f"{subject} {path}" for path in _paths(json.loads(base64.b64decode(data))))


def _attributes(event: Event) -> Event:
    return next((value for key, value in event.items() if key.endswith("Attributes")), {})


def _paths(value: Any, path: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                below = f"{path}.{key}" if path else key
                yield below
                # what a run hands to the next is the same news as by signal, and may happen to be absent
                yield from _paths(inner, "" if key == "carried" else below)
        case list():
            for inner in value:
                yield from _paths(inner, f"{path}[]")
