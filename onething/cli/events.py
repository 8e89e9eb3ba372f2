"""Server-sent events of a case, read line by line (the WHATWG format, as far as the API uses it)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class CaseEvent:
    """Something happened to the case: its number in the journal, its kind, and the item that it is about."""

    seq: int
    kind: str
    item: str | None


def read_events(lines: Iterable[str]) -> Iterator[CaseEvent]:
    """The events in a stream's lines; comments (heartbeats) and events that are not ours are passed over."""
    data: list[str] = []
    for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            content = json.loads("\n".join(data))
            data = []
            if "seq" in content:
                yield CaseEvent(content["seq"], content["kind"], content.get("item"))
