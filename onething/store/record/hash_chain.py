"""The journal's lines as they are written for good, and the chain that they make.

A line is one JSON object, `{v, prev, case_no, seq, at, event, actor, values}`, written as RFC 8785 has it. SHA-256 of
those bytes is its hash; `prev` is the hash (hex) of the line before, "" in the first. So a changed or missing line
shows, and an auditor needs nothing but the text of the lines and any RFC 8785 writer to see it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import rfc8785

from onething.security.canonical import canonical_json

BEGINNING = b""
"""The hash before a case's first line."""

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal as it is read. `event` and `actor` are JSON; of moments, which nobody brings about, `actor`
    is None."""

    seq: int
    at: datetime
    kind: str
    event: dict[str, Any]
    actor: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class WrittenLine(Line):
    """The same with what was written: `text` is what its hash is over."""

    text: str


def line_text(
    prev_hash: bytes, case_no: str, seq: int, at: datetime, event: Mapping[str, Any], actor: Mapping[str, Any] | None
) -> str:
    """ValueError for what has no single written form, as `canonical_json`."""
    return canonical_json(_content(prev_hash.hex(), case_no, seq, at, event, actor)).decode()


def line_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def first_fault(case_no: str, lines: Sequence[WrittenLine], head_seq: int, head_hash: bytes) -> int | None:
    """The `seq` of the first line that is missing or not as it was written, None if the chain holds to its head.

    Where two neighbours disagree, the one before was changed if what follows knows the one after, else the one after.
    """
    before = BEGINNING.hex()
    for expected, line in enumerate(lines, start=1):
        if not _is_well_written(case_no, expected, line):
            return expected
        now = line_hash(line.text).hex()
        if _prev(line) != before:
            known = now == (_prev(lines[expected]) if expected < len(lines) else head_hash.hex())
            return expected - 1 if known and expected > 1 else expected
        before = now
    if len(lines) != head_seq:
        return min(len(lines), head_seq) + 1
    return None if before == head_hash.hex() else len(lines)


def _content(
    prev: str, case_no: str, seq: int, at: datetime, event: Mapping[str, Any], actor: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "v": _VERSION,
        "prev": prev,
        "case_no": case_no,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z",
        "event": event,
        "actor": actor,
        # names and digests of the sealed values that came with the event, once they are part of the chain
        "values": [],
    }


def _is_well_written(case_no: str, seq: int, line: WrittenLine) -> bool:
    """Whether the text is the one way to write this line of this case, and says what its columns say. By another writer
    than the one that wrote it."""
    content = _content(str(_prev(line)), case_no, seq, line.at, line.event, line.actor)
    try:
        right = rfc8785.dumps(content)
    except rfc8785.CanonicalizationError:
        return False
    return right == line.text.encode() and (line.seq, line.kind) == (seq, line.event.get("kind"))


def _prev(line: WrittenLine) -> object:
    try:
        content = orjson.loads(line.text)
    except orjson.JSONDecodeError:
        return None
    return content.get("prev") if isinstance(content, dict) else None
