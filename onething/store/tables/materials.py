"""Materials: sealed files, receipts of papers (no body), and links to files of earlier cases. Every version that was
handed in is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/materials")


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file without opening it. `digest`: SHA-256 of the open content, hex; `size` in bytes.
    `originals`: the digests of the files that it was made from, in their order; none where it is what came."""

    digest: str
    media_type: str
    size: int
    originals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaterialVersion:
    """One version; `file` None is the receipt of a paper. `reused_from`: whose file this one (version 0) is."""

    code: str
    version: int
    file: File | None
    uploaded_by: str
    at: datetime
    reused_from: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that came with an earlier case of the same applicant. `at`: when it was uploaded there."""

    code: str
    case_no: str
    version: int
    at: datetime


async def add(tx: Transaction, case_no: str, code: str, file: File | None, body: bytes | None, at: datetime) -> int:
    """The version under which it is kept. `body` is sealed. Raises CONCURRENT_CHANGE if another one came at once."""
    version = await tx.value(
        _sql.add,
        case_no=case_no,
        code=code,
        digest=file.digest if file else None,
        media_type=file.media_type if file else None,
        size=file.size if file else None,
        originals=list(file.originals) if file and file.originals else None,
        body=body,
        uploaded_by=tx.actor.subject,
        at=at,
    )
    return int(version)


async def hand_in(tx: Transaction, case_no: str, codes: Sequence[str]) -> None:
    """Of a draft's files the newest of these materials; the others have never been anybody's but the applying side's,
    and are deleted."""
    await tx.rows(_sql.hand_in, case_no=case_no, codes=list(codes))


async def receive_papers(tx: Transaction, case_no: str, codes: Sequence[str], at: datetime) -> None:
    """Receipts of papers, all in one statement. `codes` without repeats."""
    if codes:
        await tx.rows(_sql.add_receipts, case_no=case_no, codes=list(codes), uploaded_by=tx.actor.subject, at=at)


async def of_case(tx: Transaction, case_no: str) -> Sequence[MaterialVersion]:
    """All versions, by code, oldest first."""
    return [
        MaterialVersion(
            row["code"],
            row["version"],
            _file(row),
            row["uploaded_by"],
            row["at"],
            row["reused_from"],
        )
        for row in await tx.rows(_sql.list, case_no=case_no)
    ]


def _file(row: Mapping[str, Any]) -> File | None:
    if row["digest"] is None:
        return None
    return File(row["digest"], row["media_type"], row["size"], tuple(row["originals"] or ()))


async def body(tx: Transaction, case_no: str, code: str, version: int) -> bytes | None:
    """The sealed content; None for a receipt, and for what is not there for the actor."""
    query = _sql.body if version else _sql.reused_body
    values = {"version": version} if version else {}
    content: bytes | None = await tx.value(query, case_no=case_no, code=code, **values)
    return content


async def earlier(tx: Transaction, identity_index: bytes, codes: Sequence[str], since: datetime) -> Sequence[Earlier]:
    """The newest file of each code, uploaded since then, of the applicant's submitted cases that the actor may see."""
    rows = await tx.rows(_sql.earlier, identity_index=identity_index, codes=list(codes), since=since)
    return [Earlier(**row) for row in rows]


async def reuse(tx: Transaction, case_no: str, earlier: Earlier, at: datetime) -> None:
    """Link it: version 0 of the material in this case."""
    await tx.rows(
        _sql.reuse,
        case_no=case_no,
        code=earlier.code,
        from_case=earlier.case_no,
        from_version=earlier.version,
        reused_by=tx.actor.subject,
        at=at,
    )
