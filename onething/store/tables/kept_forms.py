"""Forms that were sent after their sender's session had ended."""

from dataclasses import asdict, dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/kept_forms")


@dataclass(frozen=True, slots=True)
class KeptFormRow:
    subject: str
    path: str
    fields: bytes
    until: datetime


async def add(tx: Transaction, digest: bytes, row: KeptFormRow, at: datetime) -> None:
    """Those whose time is over go at the same time."""
    await tx.rows(_sql.forget, at=at)
    await tx.rows(_sql.add, digest=digest, **asdict(row))


async def get(tx: Transaction, digest: bytes) -> KeptFormRow | None:
    row = await tx.row(_sql.get, digest=digest)
    return KeptFormRow(**row) if row else None


async def drop(tx: Transaction, digest: bytes) -> None:
    await tx.rows(_sql.drop, digest=digest)
