"""Certificates: one for each output of an item, for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/certificates")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`body` is the sealed content, `content_digest` and `signature` are over the open one."""

    number: str
    case_no: str
    item: str
    output: str
    name: str
    department: str
    issued_at: datetime
    valid_until: datetime | None
    content_digest: str
    signature: bytes
    body: bytes = field(repr=False)
    revoked_at: datetime | None = None


def issue(tx: Transaction, certificate: Certificate) -> None:
    """With the commit. An output that has its certificate keeps it: two attempts never issue two."""
    tx.with_commit(
        _sql.issue,
        number=certificate.number,
        case_no=certificate.case_no,
        item=certificate.item,
        output=certificate.output,
        name=certificate.name,
        department=certificate.department,
        issued_at=certificate.issued_at,
        valid_until=certificate.valid_until,
        content_digest=certificate.content_digest,
        signature=certificate.signature,
        body=certificate.body,
    )


def revoke(tx: Transaction, case_no: str, item: str, at: datetime) -> None:
    """All that an item gave, with the commit. Only by the department that has the task to decide it."""
    tx.with_commit(_sql.revoke, case_no=case_no, item=item, at=at)


async def of_case(tx: Transaction, case_no: str) -> Sequence[Certificate]:
    return [Certificate(**row) for row in await tx.rows(_sql.of_case, case_no=case_no)]


async def by_number(tx: Transaction, number: str) -> Certificate | None:
    """For verification, in a transaction of `Actor.with_certificate(number)`."""
    row = await tx.row(_sql.by_number, number=number)
    return Certificate(**row) if row else None
