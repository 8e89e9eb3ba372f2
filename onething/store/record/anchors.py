"""Anchors: signed lists of the heads of cases, each chained to the one before, kept outside the database.

The journal's own chain shows a change to whoever holds its newest hash. Whoever may rewrite the journal may rewrite
that hash too; an anchor is where it stands out of their reach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onething.security.signing import Signature
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/anchors")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class AnchoredHead:
    """The last line of a case when it was anchored."""

    case_no: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """`number` counts from 1; `before` is the digest (hex) of the anchor before, empty for the first; `epoch` is the
    installation's, so that a restore in between shows."""

    number: int
    at: datetime
    epoch: int
    before: str
    heads: tuple[AnchoredHead, ...]

    def content(self) -> dict[str, Any]:
        """What is digested and signed: plain JSON, time in UTC to the microsecond."""
        return {
            "format": _FORMAT,
            "number": self.number,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "epoch": self.epoch,
            "before": self.before,
            "heads": [[head.case_no, head.seq, head.hash.hex()] for head in self.heads],
        }

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> "Anchor":
        """Raises KeyError, TypeError or ValueError for what `content` never gives."""
        if content["format"] != _FORMAT:
            raise ValueError("an anchor of another format")
        heads = tuple(
            AnchoredHead(str(case_no), int(seq), bytes.fromhex(line)) for case_no, seq, line in content["heads"]
        )
        at = datetime.fromisoformat(content["at"])
        return cls(int(content["number"]), at, int(content["epoch"]), str(content["before"]), heads)


@dataclass(frozen=True, slots=True)
class SignedAnchor:
    anchor: Anchor
    signature: Signature


@dataclass(frozen=True, slots=True)
class LastAnchor:
    number: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """What the record holds today of a line that was anchored: its hash, and whether the case reaches so far."""

    case_no: str
    seq: int
    hash: bytes | None
    reached: bool


async def last(tx: Transaction) -> LastAnchor:
    """The newest that the database knows of; number 0 before the first."""
    row = await tx.row(_sql.last)
    return LastAnchor(row["number"], row["digest"].hex()) if row else LastAnchor()


async def digests(tx: Transaction) -> Mapping[int, str]:
    """Number → digest of every anchor that the database knows of."""
    return {row["number"]: row["digest"].hex() for row in await tx.rows(_sql.all_digests)}


async def unanchored(tx: Transaction, limit: int) -> tuple[AnchoredHead, ...]:
    """Heads that no anchor holds, at most `limit`. Events that are not committed yet come with a later anchor."""
    rows = await tx.rows(_sql.unanchored, limit=limit)
    return tuple(AnchoredHead(row["case_no"], row["head_seq"], row["head_hash"]) for row in rows)


async def keep(tx: Transaction, signed: SignedAnchor) -> None:
    """Note an anchor whose file is written. Doing so again changes nothing."""
    anchor, signature = signed.anchor, signed.signature
    await tx.rows(
        _sql.keep,
        number=anchor.number,
        at=anchor.at,
        digest=bytes.fromhex(signature.digest),
        key_id=signature.key_id,
        signature=signature.value,
        heads=len(anchor.heads),
    )
    of = {"case_nos": [head.case_no for head in anchor.heads], "seqs": [head.seq for head in anchor.heads]}
    await tx.rows(_sql.remember, **of)
    await tx.rows(_sql.forget_ended, **of)


async def present(tx: Transaction, heads: Sequence[AnchoredHead]) -> Sequence[Present]:
    rows = await tx.rows(_sql.present, case_nos=[head.case_no for head in heads], seqs=[head.seq for head in heads])
    return [Present(row["case_no"], row["seq"], row["hash"], (row["head_seq"] or 0) >= row["seq"]) for row in rows]
