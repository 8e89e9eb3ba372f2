"""The hash chain of a journal: every line holds the hash of the one before, so that a changed or missing line shows."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

BEGINNING = b""
"""`prev_hash` of a case's first line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal. `event` and `actor` are JSON; `actor` is None for moments, which nobody brings about."""

    seq: int
    at: datetime
    kind: str
    event: dict[str, Any]
    actor: dict[str, Any] | None
    prev_hash: bytes
    hash: bytes


def line_hash(
    prev_hash: bytes, case_no: str, seq: int, at: datetime, event: dict[str, Any], actor: dict[str, Any] | None
) -> bytes:
    """SHA-256 over the previous hash and the line's canonical bytes (JSON, keys sorted, UTC, microseconds)."""
    content = {"case_no": case_no, "seq": seq, "at": _canonical_time(at), "event": event, "actor": actor}
    return hashlib.sha256(prev_hash + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def first_fault(case_no: str, lines: list[Line], head_seq: int, head_hash: bytes) -> int | None:
    """The `seq` of the first line that is missing or not as it was written, None if the chain holds to its head."""
    prev_hash = BEGINNING
    for expected, line in enumerate(lines, start=1):
        right = line_hash(prev_hash, case_no, expected, line.at, line.event, line.actor)
        whole = line.seq == expected and line.kind == line.event.get("kind")
        if not whole or line.prev_hash != prev_hash or line.hash != right:
            return expected
        prev_hash = line.hash
    return None if (len(lines), prev_hash) == (head_seq, head_hash) else len(lines) + 1


def _canonical_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
