"""来源: where what stands in a case came from, and when. Told by the lines of its journal, kept nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import journal
from onething.store.record.hash_chain import Line

_KINDS = ("submitted", "supplemented", "record_fetched", "record_refused", "looked_by_hand", "item_decided")
_NO_RECORD = "no_record"
"""The word by which sources say that there is none."""
_MOST_LINES = 2000


class ProvenanceView(ResponseModel):
    """Form fields that came together. `origin`: applicant, supplement or event; of an event, whose."""

    origin: str
    at: LocalDateTime
    fields: list[str]
    department: str | None = None
    event: str | None = None


@dataclass(frozen=True)
class RecordHistory:
    """What the journal tells. `supplements`: form field → when it was last supplied."""

    submitted_at: datetime | None
    supplements: Mapping[str, datetime]
    fetched: Mapping[str, datetime]  # by data key: when it came from its source
    reused: frozenset[str]  # data keys of records that had come before, and were used again
    by_hand: Mapping[str, str]  # by data key: the department whose people found the record
    without_record: frozenset[str]  # data keys of which it was said last that there is no record
    decided: Mapping[str, datetime]  # by item
    seen: Mapping[str, Mapping[str, int]]  # by item: material → version that it was decided on


async def lines_of(tx: Transaction, case_no: str) -> Sequence[Line]:
    """Those that tell it, oldest first."""
    return (await journal.of_kinds(tx, case_no, _KINDS, limit=_MOST_LINES))[::-1]


def record_history(lines: Sequence[Line]) -> RecordHistory:
    submitted_at = next((line.at for line in lines if line.kind == "submitted"), None)
    supplements = {
        pointer.removeprefix("/form/"): line.at
        for line in lines
        if line.kind == "supplemented"
        for pointer in line.event.get("changed", ())
        if pointer.startswith("/form/")
    }
    came = {line.event["data"]: line for line in lines if "record" in line.event}
    by_hand = {data: (line.actor or {})["department"] for data, line in came.items() if line.kind == "looked_by_hand"}
    kept = {
        data: datetime.fromisoformat(line.event["kept_at"]) for data, line in came.items() if "kept_at" in line.event
    }
    fetched = {data: line.at for data, line in came.items()} | kept
    decided = {line.event["item"]: line.at for line in lines if line.kind == "item_decided"}
    without = frozenset(_without_record(lines))
    seen = {line.event["item"]: line.event.get("seen", {}) for line in lines if line.kind == "item_decided"}
    return RecordHistory(submitted_at, supplements, fetched, frozenset(kept), by_hand, without, decided, seen)


def _without_record(lines: Sequence[Line]) -> set[str]:
    """What was said of a number that the form says no longer does not count."""
    found: set[str] = set()
    for line in lines:
        event = line.event
        if line.kind == "supplemented":
            found = set() if event.get("plan") else found - set(event.get("refetch", ()))
        elif _says_none(line):
            found.add(event["data"])
        elif event.get("record"):
            found.discard(event["data"])
    return found


def _says_none(line: Line) -> bool:
    if line.kind == "record_refused":
        return bool(line.event["reason"] == _NO_RECORD)
    return line.kind == "looked_by_hand" and not line.event.get("record")


def of_form(known: RecordHistory, fields: Iterable[str], prefilled: Mapping[str, Any] | None) -> list[ProvenanceView]:
    """`prefilled`: as it was sealed with the case."""
    given = {one["pointer"].rpartition("/")[2] for one in (prefilled or {}).get("values", ()) if _as_given(one)}
    together: dict[tuple[str, datetime], list[str]] = {}
    for field in fields:
        if field in known.supplements:
            together.setdefault(("supplement", known.supplements[field]), []).append(field)
        elif prefilled is not None and field in given:
            together.setdefault(("event", datetime.fromisoformat(str(prefilled["at"]))), []).append(field)
        elif known.submitted_at is not None:
            together.setdefault(("applicant", known.submitted_at), []).append(field)
    event = {"department": prefilled["department"], "event": prefilled["name"]} if prefilled else {}
    return [
        ProvenanceView(origin=origin, at=at, fields=names, **(event if origin == "event" else {}))
        for (origin, at), names in together.items()
    ]


def _as_given(given: Mapping[str, Any]) -> bool:
    return not given["changed"] and str(given["pointer"]).startswith("/form/")
