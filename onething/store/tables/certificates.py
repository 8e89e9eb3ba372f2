"""Certificates: one for each output and edition of an item, for good; what the journal says of each counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from onething.domain.kernel.certificate_no import CertificateNo
from onething.domain.kernel.state import ReissueWhy
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/certificates")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`body` is the sealed content, `signature` is over the open one, after the eight bytes of its key's id. The rest
    is what rows are found by, and repeats the content; `bundle`, `kind` and `holder` follow from the case. Times UTC.
    """

    number: str
    case_no: str
    item: str
    output: str
    edition: int
    issued_at: datetime
    signature: bytes
    body: bytes = field(repr=False)
    bundle: str = ""
    kind: str = ""
    holder: bytes = b""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another certificate has taken its place. `by`: its number."""

    at: datetime
    by: str
    why: ReissueWhy


@dataclass(frozen=True, slots=True)
class Standing:
    """What the journal says: it was issued. `intact`: from the first line of its case to the head the chain holds.
    `revoked`: item → since when its approval has been taken back, of those that were since it was issued."""

    intact: bool
    revoked: Mapping[str, datetime]
    replaced: Replaced | None = None


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    """By its number, which has a row, or is in the journal, or both as it should be."""

    number: str
    row: Certificate | None
    standing: Standing | None


def issue(tx: Transaction, certificate: Certificate) -> None:
    """With the commit. An output that has its certificate of that edition keeps it: two attempts never
    issue two."""
    tx.with_commit(
        _sql.issue,
        number=certificate.number,
        case_no=certificate.case_no,
        item=certificate.item,
        output=certificate.output,
        edition=certificate.edition,
        issued_at=certificate.issued_at,
        signature=certificate.signature,
        body=certificate.body,
    )


async def of_case(tx: Transaction, case_no: str) -> Sequence[FoundCertificate]:
    """In the order of their numbers: rows that say that they are of the case, and all that its journal says it issued,
    as far as the actor may see the case."""
    return await found(tx, [row["number"] for row in await tx.rows(_sql.numbers_of_case, case_no=case_no)])


async def last_numbers(tx: Transaction, case_no: str) -> dict[int, str]:
    """Place of the output in its definition → number of the certificate that was issued last for it."""
    numbers = [CertificateNo.parse(row["number"]) for row in await tx.rows(_sql.issued, case_no=case_no)]
    return {number.nth: str(number) for number in numbers}


async def bodies(tx: Transaction, numbers: Sequence[str]) -> dict[str, bytes]:
    """Number → sealed content, for who makes out another in its place."""
    return {row["number"]: row["body"] for row in await tx.rows(_sql.bodies, numbers=list(numbers))}


async def found(tx: Transaction, numbers: Sequence[str]) -> Sequence[FoundCertificate]:
    """Of these, what there is, in their order; rows as far as the actor may see them. One that was never issued, and
    has no row, is left out."""
    rows = {row["number"]: row for row in await tx.rows(_sql.found, numbers=list(numbers))}
    return [_found(rows[number]) for number in dict.fromkeys(numbers) if number in rows]


def _found(row: Any) -> FoundCertificate:
    certificate = Certificate(**{one.name: row[one.name] for one in fields(Certificate)}) if row["has_row"] else None
    if row["intact"] is None:
        return FoundCertificate(row["number"], certificate, None)
    revoked: dict[str, datetime] = {}
    for item, at in zip(row["revoked"], row["revoked_at"], strict=True):
        revoked.setdefault(item, at)
    replaced = row["replaced_at"] and Replaced(row["replaced_at"], row["replaced_by"], ReissueWhy(row["replaced_why"]))
    return FoundCertificate(row["number"], certificate, Standing(row["intact"], revoked, replaced))
