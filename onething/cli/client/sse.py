"""Events of a case, out of a stream of server-sent events."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from httpx_sse import ServerSentEvent


@dataclass(frozen=True)
class CaseEvent:
    """Something happened to the case: its number in the journal, its kind, and the item that it is about."""

    seq: int
    kind: str
    item: str | None


def case_events(stream: Iterable[ServerSentEvent]) -> Iterator[CaseEvent]:
    """Those of a case; what else the stream holds (its end, an event without data) is passed over."""
    for event in stream:
        content = json.loads(event.data) if event.data else {}
        if "seq" in content:
            yield CaseEvent(content["seq"], content["kind"], content.get("item"))
