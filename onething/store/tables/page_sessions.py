"""Sessions of the pages: who is signed in with which browser."""

from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/page_sessions")


@dataclass(frozen=True, slots=True)
class PageSessionRow:
    subject: str
    token: bytes
    shared: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


async def add(
    tx: Transaction, digest: bytes, *, subject: str, token: bytes, shared: bool, at: datetime, ends_at: datetime
) -> None:
    """Those whose time is over go at the same time."""
    await tx.rows(_sql.forget, at=at)
    await tx.rows(_sql.add, digest=digest, subject=subject, token=token, shared=shared, at=at, ends_at=ends_at)


async def get(tx: Transaction, digest: bytes) -> PageSessionRow | None:
    row = await tx.row(_sql.get, digest=digest)
    return PageSessionRow(**row) if row else None


async def seen(tx: Transaction, digest: bytes, at: datetime) -> None:
    await tx.rows(_sql.seen, digest=digest, at=at)


async def end(tx: Transaction, digest: bytes) -> None:
    await tx.rows(_sql.end, digest=digest)
